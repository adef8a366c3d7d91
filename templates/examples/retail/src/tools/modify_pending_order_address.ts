import type { ModifyPendingOrderAddressHandler } from '../generated/types/modify_pending_order_address.ts';
import { changeOrder, requirePending } from '../retail/orders.ts';

export const handler: ModifyPendingOrderAddressHandler = ({ order_id, ...address }, ctx) =>
  changeOrder(order_id, ctx, (order) => {
    requirePending(order, ctx);
    order.address = address;
  });
