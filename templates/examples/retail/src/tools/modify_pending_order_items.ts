import type { ModifyPendingOrderItemsHandler } from '../generated/types/modify_pending_order_items.ts';
import { priceDifference, replacements } from '../retail/items.ts';
import { changeOrder, requirePending } from '../retail/orders.ts';
import { charge, paymentMethodOf, requireCover } from '../retail/payments.ts';

/** Swaps the items, and charges or gives back the price difference. */
export const handler: ModifyPendingOrderItemsHandler = (args, ctx) =>
  changeOrder(args.order_id, ctx, (order, customer) => {
    requirePending(order, ctx);
    const pairs = replacements(order, { old: args.item_ids, new: args.new_item_ids }, ctx);
    const difference = priceDifference(pairs);
    const method = paymentMethodOf(customer, args.payment_method_id, ctx);
    requireCover(method, difference, ctx);
    charge(method, difference);
    order.payment_history.push({
      transaction_type: difference > 0 ? 'payment' : 'refund',
      amount: Math.abs(difference),
      payment_method_id: method.id,
    });
    for (const { item, variant } of pairs) {
      item.item_id = variant.item_id;
      item.price = variant.price;
      item.options = variant.options;
    }
    order.status = 'pending (item modified)';
  });
