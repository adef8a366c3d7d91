import { expect, test } from 'vitest';

import { findProduct, saveUser } from '../../src/retail/records.ts';
import { handler } from '../../src/tools/modify_pending_order_items.ts';
import { balance, context, itemIds, openShop, order, otherVariants, present, user } from '../retail/shop.ts';

openShop();

const ORDER = '#W1000005';
const CARD = 'gift_card_0000003';

test('items are swapped, and the gift card pays the difference', async () => {
  const before = order(ORDER);
  const { available } = otherVariants(ORDER);
  const difference = available.price - present(before.items[0]).price;
  const modified = await modify([present(itemIds(ORDER)[0])], [available.item_id]);
  expect(modified.status).toBe('pending (item modified)');
  expect(modified.items[0]).toMatchObject({ item_id: available.item_id, price: available.price });
  expect(modified.items[1]).toEqual(before.items[1]);
  expect(modified.payment_history[1]).toMatchObject({ transaction_type: 'payment', payment_method_id: CARD });
  expect(modified.payment_history[1]?.amount).toBeCloseTo(difference, 2);
  expect(balance('chidi_okafor_3090', CARD)).toBeCloseTo(1500 - difference, 2);
});

test('it can be done once', async () => {
  const { available } = otherVariants(ORDER);
  await modify([present(itemIds(ORDER)[0])], [available.item_id]);
  expect(() => modify([available.item_id], [available.item_id])).toThrow('ORDER_NOT_PENDING');
});

test('a cheaper item is a refund', async () => {
  const [, earbuds] = order(ORDER).items;
  const old = present(earbuds);
  const cheapest = present(Object.values(present(findProduct(old.product_id)).variants)[0]);
  const modified = await modify([old.item_id], [cheapest.item_id]);
  expect(cheapest.price).toBeLessThan(old.price);
  expect(modified.payment_history[1]?.transaction_type).toBe('refund');
  expect(balance('chidi_okafor_3090', CARD)).toBeCloseTo(1500 + old.price - cheapest.price, 2);
});

test('a refusal changes neither the order nor the gift card', () => {
  const before = [order(ORDER), user('chidi_okafor_3090')];
  const { soldOut } = otherVariants(ORDER);
  expect(() => modify([present(itemIds(ORDER)[0])], [soldOut.item_id])).toThrow('ITEM_NOT_AVAILABLE');
  expect([order(ORDER), user('chidi_okafor_3090')]).toEqual(before);
});

test('a gift card must cover the difference', () => {
  const customer = user('chidi_okafor_3090');
  present(customer.payment_methods[CARD]).balance = 0.01;
  saveUser(customer);
  expect(() => modify([present(itemIds(ORDER)[0])], [otherVariants(ORDER).available.item_id])).toThrow(
    'GIFT_CARD_BALANCE_TOO_LOW',
  );
});

test('a method of somebody else is refused', () => {
  const args = { item_ids: [present(itemIds(ORDER)[0])], new_item_ids: [otherVariants(ORDER).available.item_id] };
  expect(() => handler({ order_id: ORDER, ...args, payment_method_id: 'paypal_0000002' }, context)).toThrow(
    'PAYMENT_METHOD_NOT_FOUND',
  );
});

function modify(item_ids: string[], new_item_ids: string[]) {
  return handler({ order_id: ORDER, item_ids, new_item_ids, payment_method_id: CARD }, context);
}
