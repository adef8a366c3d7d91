import { expect, test } from 'vitest';

import { handler } from '../../src/tools/get_product_details.ts';
import { context, openShop } from '../retail/shop.ts';

openShop();

test('a product comes with its variants, available or not', async () => {
  const product = await handler({ product_id: '6000000000' }, context);
  expect(product.name).toBe('Air Purifier');
  expect(Object.entries(product.variants).every(([id, variant]) => id === variant?.item_id)).toBe(true);
  expect(new Set(Object.values(product.variants).map((variant) => variant?.available))).toEqual(new Set([true, false]));
});

test('an item id is no product id', () => {
  expect(() => handler({ product_id: '1000000000' }, context)).toThrow('PRODUCT_NOT_FOUND');
});
