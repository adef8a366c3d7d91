/** The items of an order: which it holds, and which may take their place. */
import { sum } from './money.ts';
import { findProduct } from './records.ts';
import type { Order, OrderItem, Refusal, Variant } from './types.ts';

/** One piece of an order and the variant that takes its place. */
export interface Replacement {
  readonly item: OrderItem;
  readonly variant: Variant;
}

/** The pieces named, each once: an id named twice needs two such pieces in the order. */
export function heldItems(
  order: Order,
  itemIds: readonly string[],
  refusal: Refusal<'ITEM_NOT_IN_ORDER'>,
): OrderItem[] {
  const left = [...order.items];
  return itemIds.map((id) => {
    const index = left.findIndex((item) => item.item_id === id);
    return left.splice(index, index < 0 ? 0 : 1)[0] ?? refusal.fail('ITEM_NOT_IN_ORDER');
  });
}

/** Pairs old items with new ones by position; a new one is an available variant of the same product. */
export function replacements(
  order: Order,
  ids: { readonly old: readonly string[]; readonly new: readonly string[] },
  refusal: Refusal<'ITEM_NOT_IN_ORDER' | 'ITEM_COUNT_MISMATCH' | 'ITEM_NOT_AVAILABLE'>,
): Replacement[] {
  const items = heldItems(order, ids.old, refusal);
  if (ids.old.length !== ids.new.length) refusal.fail('ITEM_COUNT_MISMATCH');
  return items.map((item, index) => {
    const variant = availableVariant(item.product_id, ids.new[index] ?? '');
    return { item, variant: variant ?? refusal.fail('ITEM_NOT_AVAILABLE') };
  });
}

/** New prices less old ones, in US dollars. */
export function priceDifference(pairs: readonly Replacement[]): number {
  return sum(pairs.map(({ item, variant }) => variant.price - item.price));
}

function availableVariant(productId: string, itemId: string): Variant | undefined {
  const variants = findProduct(productId)?.variants ?? {};
  const variant = Object.hasOwn(variants, itemId) ? variants[itemId] : undefined;
  return variant?.available === true ? variant : undefined;
}
