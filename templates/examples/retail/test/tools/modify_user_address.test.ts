import { expect, test } from 'vitest';

import { handler } from '../../src/tools/modify_user_address.ts';
import { context, openShop, order, user } from '../retail/shop.ts';

openShop();

const address = { address1: '1 New Street', address2: '', city: 'Salem', state: 'OR', country: 'USA', zip: '97301' };

test('the default address changes; orders keep theirs', async () => {
  const before = order('#W1000001');
  expect(await handler({ user_id: 'ada_moreno_1204', ...address }, context)).toMatchObject({ address });
  expect(user('ada_moreno_1204').address).toEqual(address);
  expect(order('#W1000001')).toEqual(before);
});

test('an unknown user is refused', () => {
  expect(() => handler({ user_id: 'sara_doe_496', ...address }, context)).toThrow('USER_NOT_FOUND');
});
