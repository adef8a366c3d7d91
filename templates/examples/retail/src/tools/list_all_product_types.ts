import type { ListAllProductTypesHandler } from '../generated/types/list_all_product_types.ts';
import { allProducts } from '../retail/records.ts';

export const handler: ListAllProductTypesHandler = () => ({
  products: Object.fromEntries(allProducts().map((product) => [product.name, product.product_id])),
});
