import { expect, test } from 'vitest';

import { handler } from '../../src/tools/modify_pending_order_address.ts';
import { context, openShop, order, user } from '../retail/shop.ts';

openShop();

const address = { address1: '1 New Street', address2: '', city: 'Salem', state: 'OR', country: 'USA', zip: '97301' };

test('a pending order gets the new address; its customer keeps the old one', async () => {
  const before = user('ada_moreno_1204');
  expect(await handler({ order_id: '#W1000001', ...address }, context)).toMatchObject({ address, status: 'pending' });
  expect(order('#W1000001').address).toEqual(address);
  expect(user('ada_moreno_1204')).toEqual(before);
});

test('a processed order keeps its address', () => {
  expect(() => handler({ order_id: '#W1000004', ...address }, context)).toThrow('ORDER_NOT_PENDING');
});

test('an unknown order is refused', () => {
  expect(() => handler({ order_id: '#W9999999', ...address }, context)).toThrow('ORDER_NOT_FOUND');
});
