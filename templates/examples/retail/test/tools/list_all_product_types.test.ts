import { expect, test } from 'vitest';

import { findProduct } from '../../src/retail/records.ts';
import { handler } from '../../src/tools/list_all_product_types.ts';
import { context, openShop } from '../retail/shop.ts';

openShop();

test('there are fifty product types, by name', async () => {
  const { products } = await handler({}, context);
  const names = Object.keys(products);
  expect(names).toHaveLength(50);
  expect(names).toEqual(names.toSorted());
  expect(names.map((name) => findProduct(products[name] ?? '')?.name)).toEqual(names);
});
