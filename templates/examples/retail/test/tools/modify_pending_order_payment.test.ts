import { expect, test } from 'vitest';

import { handler } from '../../src/tools/modify_pending_order_payment.ts';
import { balance, context, openShop, order, user } from '../retail/shop.ts';

openShop();

test('the new method pays, and the old gift card has its money back', async () => {
  const [payment] = order('#W1000005').payment_history;
  const modified = await handler({ order_id: '#W1000005', payment_method_id: 'credit_card_0000003' }, context);
  expect(modified.payment_history).toEqual([
    payment,
    { ...payment, payment_method_id: 'credit_card_0000003' },
    { ...payment, transaction_type: 'refund' },
  ]);
  expect(balance('chidi_okafor_3090', 'gift_card_0000003')).toBeCloseTo(1500 + (payment?.amount ?? 0), 2);
});

test('a gift card pays at once', async () => {
  const paid = order('#W1000001').payment_history[0]?.amount ?? 0;
  await handler({ order_id: '#W1000001', payment_method_id: 'gift_card_0000001' }, context);
  expect(balance('ada_moreno_1204', 'gift_card_0000001')).toBeCloseTo(80 - paid, 2);
});

test('a gift card that does not cover the order is refused, and nothing moves', () => {
  const before = [order('#W1000008'), user('emil_larsen_5562')];
  expect(() => handler({ order_id: '#W1000008', payment_method_id: 'gift_card_0000005' }, context)).toThrow(
    'GIFT_CARD_BALANCE_TOO_LOW',
  );
  expect([order('#W1000008'), user('emil_larsen_5562')]).toEqual(before);
});

test('the method has to be another one', () => {
  expect(() => handler({ order_id: '#W1000001', payment_method_id: 'credit_card_0000001' }, context)).toThrow(
    'PAYMENT_METHOD_UNCHANGED',
  );
});

test('the method changes once', async () => {
  await handler({ order_id: '#W1000013', payment_method_id: 'credit_card_0000009' }, context);
  expect(() => handler({ order_id: '#W1000013', payment_method_id: 'paypal_0000009' }, context)).toThrow(
    'PAYMENT_ALREADY_CHANGED',
  );
});

test('a method of somebody else, a processed and an unknown order are refused', () => {
  const pay = (order_id: string) => handler({ order_id, payment_method_id: 'paypal_0000002' }, context);
  expect(() => pay('#W1000001')).toThrow('PAYMENT_METHOD_NOT_FOUND');
  expect(() => pay('#W1000004')).toThrow('ORDER_NOT_PENDING');
  expect(() => pay('#W9999999')).toThrow('ORDER_NOT_FOUND');
});
