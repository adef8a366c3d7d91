import type { CancelPendingOrderHandler } from '../generated/types/cancel_pending_order.ts';
import { changeOrder, requirePending } from '../retail/orders.ts';
import { charge, openPayments } from '../retail/payments.ts';

/** Gives back what was paid; a gift card has its money again at once. */
export const handler: CancelPendingOrderHandler = ({ order_id, reason }, ctx) =>
  changeOrder(order_id, ctx, (order, customer) => {
    requirePending(order, ctx);
    for (const payment of openPayments(order)) {
      const method = customer.payment_methods[payment.payment_method_id];
      if (method !== undefined) charge(method, -payment.amount);
      order.payment_history.push({ ...payment, transaction_type: 'refund' });
    }
    order.status = 'cancelled';
    order.cancel_reason = reason;
  });
