import type { GetProductDetailsHandler } from '../generated/types/get_product_details.ts';
import { findProduct } from '../retail/records.ts';

export const handler: GetProductDetailsHandler = ({ product_id }, ctx) =>
  findProduct(product_id) ?? ctx.fail('PRODUCT_NOT_FOUND');
