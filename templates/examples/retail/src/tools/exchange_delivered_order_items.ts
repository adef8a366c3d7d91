import type { ExchangeDeliveredOrderItemsHandler } from '../generated/types/exchange_delivered_order_items.ts';
import { priceDifference, replacements } from '../retail/items.ts';
import { changeOrder, requireDelivered } from '../retail/orders.ts';
import { paymentMethodOf, requireCover } from '../retail/payments.ts';

/** Notes the exchange; items and money move when the old items come back. */
export const handler: ExchangeDeliveredOrderItemsHandler = (args, ctx) =>
  changeOrder(args.order_id, ctx, (order, customer) => {
    requireDelivered(order, ctx);
    const difference = priceDifference(replacements(order, { old: args.item_ids, new: args.new_item_ids }, ctx));
    requireCover(paymentMethodOf(customer, args.payment_method_id, ctx), difference, ctx);
    order.status = 'exchange requested';
    order.exchange_items = args.item_ids.toSorted();
    order.exchange_new_items = args.new_item_ids.toSorted();
    order.exchange_payment_method_id = args.payment_method_id;
    order.exchange_price_difference = difference;
  });
