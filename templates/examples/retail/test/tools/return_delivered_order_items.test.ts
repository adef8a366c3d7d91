import { expect, test } from 'vitest';

import { handler } from '../../src/tools/return_delivered_order_items.ts';
import { balance, context, itemIds, openShop, order, present } from '../retail/shop.ts';

openShop();

test('a return is noted, and no money moves yet', async () => {
  const item_ids = itemIds('#W1000006');
  const card = 'gift_card_0000003';
  const returned = await handler({ order_id: '#W1000006', item_ids, payment_method_id: card }, context);
  expect(returned).toMatchObject({
    status: 'return requested',
    return_items: item_ids.toSorted(),
    return_payment_method_id: card,
  });
  expect(balance('chidi_okafor_3090', card)).toBe(1500);
});

test('two equal pieces can both be returned, but not three', async () => {
  const first = present(itemIds('#W1000002')[0]);
  const giveBack = (item_ids: string[]) =>
    handler({ order_id: '#W1000002', item_ids, payment_method_id: 'gift_card_0000001' }, context);
  expect(() => giveBack([first, first, first])).toThrow('ITEM_NOT_IN_ORDER');
  expect(await giveBack([first, first])).toMatchObject({ return_items: [first, first] });
});

test('an order is returned once', async () => {
  const args = { order_id: '#W1000007', item_ids: itemIds('#W1000007'), payment_method_id: 'credit_card_0000004' };
  await handler(args, context);
  expect(() => handler(args, context)).toThrow('ORDER_NOT_DELIVERED');
});

test('the refund goes to the original method or to a gift card', () => {
  const item_ids = itemIds('#W1000009');
  const args = { order_id: '#W1000009', item_ids, payment_method_id: 'paypal_0000005' };
  expect(() => handler(args, context)).toThrow('PAYMENT_METHOD_NOT_ALLOWED');
  expect(order('#W1000009').status).toBe('delivered');
});

test('a method of somebody else and an unknown order are refused', () => {
  const args = { item_ids: itemIds('#W1000007'), payment_method_id: 'gift_card_0000001' };
  expect(() => handler({ order_id: '#W1000007', ...args }, context)).toThrow('PAYMENT_METHOD_NOT_FOUND');
  expect(() => handler({ order_id: '#W9999999', ...args }, context)).toThrow('ORDER_NOT_FOUND');
});
