/** All that the example reads of its environment. */
import { join } from 'node:path';

/** `RETAIL_DATABASE`, or data/shop.sqlite beside the project. */
export function databasePath(): string {
  return process.env['RETAIL_DATABASE'] ?? join(import.meta.dirname, '../../data/shop.sqlite');
}
