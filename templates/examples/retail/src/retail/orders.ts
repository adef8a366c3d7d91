/** What may be done to an order, in which state. */
import { database, transact } from './database.ts';
import { findOrder, findUser, saveOrder, saveUser } from './records.ts';
import type { Order, Refusal, User } from './types.ts';

/** Changes an order and its customer together, or neither: a refusal in between leaves both as they were. */
export function changeOrder(
  orderId: string,
  refusal: Refusal<'ORDER_NOT_FOUND'>,
  change: (order: Order, customer: User) => void,
): Order {
  return transact(database(), () => {
    const order = findOrder(orderId) ?? refusal.fail('ORDER_NOT_FOUND');
    const customer = findUser(order.user_id);
    if (customer === undefined) throw new Error(`order ${order.order_id} has no customer`);
    change(order, customer);
    saveOrder(order);
    saveUser(customer);
    return order;
  });
}

/** Once its items were modified an order is not plainly `pending` any more: nothing else of it changes. */
export function requirePending(order: Order, refusal: Refusal<'ORDER_NOT_PENDING'>): void {
  if (order.status !== 'pending') refusal.fail('ORDER_NOT_PENDING');
}

export function requireDelivered(order: Order, refusal: Refusal<'ORDER_NOT_DELIVERED'>): void {
  if (order.status !== 'delivered') refusal.fail('ORDER_NOT_DELIVERED');
}
