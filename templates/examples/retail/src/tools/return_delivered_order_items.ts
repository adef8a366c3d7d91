import type { ReturnDeliveredOrderItemsHandler } from '../generated/types/return_delivered_order_items.ts';
import { heldItems } from '../retail/items.ts';
import { changeOrder, requireDelivered } from '../retail/orders.ts';
import { paymentMethodOf } from '../retail/payments.ts';

/** Notes the return; money moves when the items come back. */
export const handler: ReturnDeliveredOrderItemsHandler = ({ order_id, item_ids, payment_method_id }, ctx) =>
  changeOrder(order_id, ctx, (order, customer) => {
    requireDelivered(order, ctx);
    const method = paymentMethodOf(customer, payment_method_id, ctx);
    const original = order.payment_history[0]?.payment_method_id;
    if (method.source !== 'gift_card' && method.id !== original) ctx.fail('PAYMENT_METHOD_NOT_ALLOWED');
    heldItems(order, item_ids, ctx);
    order.status = 'return requested';
    order.return_items = item_ids.toSorted();
    order.return_payment_method_id = method.id;
  });
