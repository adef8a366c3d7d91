import { expect, test } from 'vitest';

import { handler } from '../../src/tools/find_user_id_by_email.ts';
import { context, openShop } from '../retail/shop.ts';

openShop();

test('a user is found by e-mail address, however it is written', async () => {
  expect(await handler({ email: 'Ada.Moreno@example.com' }, context)).toEqual({ user_id: 'ada_moreno_1204' });
});

test('an unknown address is an error, not an empty answer', () => {
  expect(() => handler({ email: 'nobody@example.com' }, context)).toThrow('USER_NOT_FOUND');
});
