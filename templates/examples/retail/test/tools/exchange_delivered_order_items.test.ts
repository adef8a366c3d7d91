import { expect, test } from 'vitest';

import { saveUser } from '../../src/retail/records.ts';
import { handler } from '../../src/tools/exchange_delivered_order_items.ts';
import { balance, context, itemIds, openShop, order, otherVariants, present, user } from '../retail/shop.ts';

openShop();

const ORDER = '#W1000006';
const CARD = 'gift_card_0000003';

test('an exchange is noted, and no money moves yet', async () => {
  const [old] = itemIds(ORDER);
  const { available } = otherVariants(ORDER);
  const before = order(ORDER);
  const exchanged = await handler(
    { order_id: ORDER, item_ids: [present(old)], new_item_ids: [available.item_id], payment_method_id: CARD },
    context,
  );
  expect(exchanged).toMatchObject({
    status: 'exchange requested',
    exchange_items: [old],
    exchange_new_items: [available.item_id],
    exchange_payment_method_id: CARD,
  });
  expect(exchanged.exchange_price_difference).toBeCloseTo(available.price - present(before.items[0]).price, 2);
  expect(exchanged.items).toEqual(before.items);
  expect(balance('chidi_okafor_3090', CARD)).toBe(1500);
});

test('a gift card must cover the price difference', () => {
  const customer = user('chidi_okafor_3090');
  present(customer.payment_methods[CARD]).balance = 0.01;
  saveUser(customer);
  expect(() => exchange([present(itemIds(ORDER)[0])], [otherVariants(ORDER).available.item_id])).toThrow(
    'GIFT_CARD_BALANCE_TOO_LOW',
  );
  expect(order(ORDER).status).toBe('delivered');
});

test('a variant that is sold out cannot be had', () => {
  expect(() => exchange([present(itemIds(ORDER)[0])], [otherVariants(ORDER).soldOut.item_id])).toThrow(
    'ITEM_NOT_AVAILABLE',
  );
});

test('an item of another product cannot be had', () => {
  const [first, second] = itemIds(ORDER);
  expect(() => exchange([present(first)], [present(second)])).toThrow('ITEM_NOT_AVAILABLE');
});

test('the lists must be equally long', () => {
  expect(() => exchange([present(itemIds(ORDER)[0])], [])).toThrow('ITEM_COUNT_MISMATCH');
});

test('an item cannot be exchanged more often than it was bought', () => {
  const first = present(itemIds(ORDER)[0]);
  expect(() => exchange([first, first], [first, first])).toThrow('ITEM_NOT_IN_ORDER');
});

test('a payment method of somebody else is refused', () => {
  const { available } = otherVariants(ORDER);
  const args = { order_id: ORDER, item_ids: [present(itemIds(ORDER)[0])], new_item_ids: [available.item_id] };
  expect(() => handler({ ...args, payment_method_id: 'paypal_0000002' }, context)).toThrow('PAYMENT_METHOD_NOT_FOUND');
});

test('only a delivered order is exchanged', () => {
  expect(() =>
    handler({ order_id: '#W1000001', item_ids: ['1'], new_item_ids: ['2'], payment_method_id: CARD }, context),
  ).toThrow('ORDER_NOT_DELIVERED');
});

function exchange(item_ids: string[], new_item_ids: string[]) {
  return handler({ order_id: ORDER, item_ids, new_item_ids, payment_method_id: CARD }, context);
}
