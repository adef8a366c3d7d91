import type { GetOrderDetailsHandler } from '../generated/types/get_order_details.ts';
import { findOrder } from '../retail/records.ts';

export const handler: GetOrderDetailsHandler = ({ order_id }, ctx) =>
  findOrder(order_id) ?? ctx.fail('ORDER_NOT_FOUND');
