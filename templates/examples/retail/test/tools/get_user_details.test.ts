import { expect, test } from 'vitest';

import { handler } from '../../src/tools/get_user_details.ts';
import { context, openShop } from '../retail/shop.ts';

openShop();

test('a user comes with orders and payment methods', async () => {
  const user = await handler({ user_id: 'ada_moreno_1204' }, context);
  expect(user.orders).toEqual(['#W1000001', '#W1000002']);
  expect(Object.keys(user.payment_methods)).toEqual(['credit_card_0000001', 'gift_card_0000001']);
});

test('an unknown user is refused', () => {
  expect(() => handler({ user_id: 'sara_doe_496' }, context)).toThrow('USER_NOT_FOUND');
});
