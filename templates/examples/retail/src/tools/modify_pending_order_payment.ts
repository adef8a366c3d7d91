import type { ModifyPendingOrderPaymentHandler } from '../generated/types/modify_pending_order_payment.ts';
import { changeOrder, requirePending } from '../retail/orders.ts';
import { charge, onlyPayment, paymentMethodOf, requireCover } from '../retail/payments.ts';

/** Charges the new method and gives the old one its money back. */
export const handler: ModifyPendingOrderPaymentHandler = ({ order_id, payment_method_id }, ctx) =>
  changeOrder(order_id, ctx, (order, customer) => {
    requirePending(order, ctx);
    const method = paymentMethodOf(customer, payment_method_id, ctx);
    const payment = onlyPayment(order) ?? ctx.fail('PAYMENT_ALREADY_CHANGED');
    if (payment.payment_method_id === method.id) ctx.fail('PAYMENT_METHOD_UNCHANGED');
    requireCover(method, payment.amount, ctx);
    charge(method, payment.amount);
    charge(paymentMethodOf(customer, payment.payment_method_id, ctx), -payment.amount);
    order.payment_history.push(
      { ...payment, payment_method_id: method.id },
      { ...payment, transaction_type: 'refund' },
    );
  });
