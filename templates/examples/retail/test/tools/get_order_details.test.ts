import { expect, test } from 'vitest';

import { handler } from '../../src/tools/get_order_details.ts';
import { context, openShop, order } from '../retail/shop.ts';

openShop();

test('an order comes with its items and what was paid', async () => {
  const found = await handler({ order_id: '#W1000002' }, context);
  expect(found).toEqual(order('#W1000002'));
  expect(found.payment_history[0]?.amount).toBeCloseTo(
    found.items.reduce((sum, item) => sum + item.price, 0),
    2,
  );
});

test('an unknown order is refused', () => {
  expect(() => handler({ order_id: '#W9999999' }, context)).toThrow('ORDER_NOT_FOUND');
});
