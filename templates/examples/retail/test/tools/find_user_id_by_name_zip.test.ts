import { expect, test } from 'vitest';

import { handler } from '../../src/tools/find_user_id_by_name_zip.ts';
import { context, openShop } from '../retail/shop.ts';

openShop();

test('a user is found by name and zip code', async () => {
  const found = await handler({ first_name: 'bela', last_name: 'Kovacs', zip: '80203' }, context);
  expect(found).toEqual({ user_id: 'bela_kovacs_2231' });
});

test('the zip code has to be right, too', () => {
  expect(() => handler({ first_name: 'Bela', last_name: 'Kovacs', zip: '80204' }, context)).toThrow('USER_NOT_FOUND');
});
