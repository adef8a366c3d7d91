import { expect, test } from 'vitest';

import { handler } from '../../src/tools/cancel_pending_order.ts';
import { handler as modifyPayment } from '../../src/tools/modify_pending_order_payment.ts';
import { balance, context, openShop, order } from '../retail/shop.ts';

openShop();

test('a cancelled order is refunded to what it was paid with', async () => {
  const [payment] = order('#W1000001').payment_history;
  const cancelled = await handler({ order_id: '#W1000001', reason: 'no longer needed' }, context);
  expect(cancelled).toMatchObject({ status: 'cancelled', cancel_reason: 'no longer needed' });
  expect(cancelled.payment_history).toEqual([payment, { ...payment, transaction_type: 'refund' }]);
  expect(order('#W1000001')).toEqual(cancelled);
});

test('a gift card has its money back at once', async () => {
  const paid = order('#W1000005').payment_history[0]?.amount ?? 0;
  await handler({ order_id: '#W1000005', reason: 'ordered by mistake' }, context);
  expect(balance('chidi_okafor_3090', 'gift_card_0000003')).toBeCloseTo(1500 + paid, 2);
});

test('an order whose payment was moved is refunded once, to the new method', async () => {
  await modifyPayment({ order_id: '#W1000005', payment_method_id: 'credit_card_0000003' }, context);
  const cancelled = await handler({ order_id: '#W1000005', reason: 'no longer needed' }, context);
  expect(cancelled.payment_history).toHaveLength(4);
  expect(cancelled.payment_history[3]).toMatchObject({
    transaction_type: 'refund',
    payment_method_id: 'credit_card_0000003',
  });
});

test.each(['#W1000002', '#W1000004', '#W1000010'])('%s is not pending, so it stays', (order_id) => {
  const before = order(order_id);
  expect(() => handler({ order_id, reason: 'no longer needed' }, context)).toThrow('ORDER_NOT_PENDING');
  expect(order(order_id)).toEqual(before);
});

test('an unknown order is refused', () => {
  expect(() => handler({ order_id: '#W9999999', reason: 'no longer needed' }, context)).toThrow('ORDER_NOT_FOUND');
});
