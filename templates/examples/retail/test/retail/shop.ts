/** A fresh shop in memory for every test, and a context to call handlers with directly. */
import { beforeEach } from 'vitest';

import type { ToolContext } from '../../src/kernel/handler.ts';
import { openDatabase, useDatabase } from '../../src/retail/database.ts';
import { findOrder, findProduct, findUser } from '../../src/retail/records.ts';
import type { Order, User, Variant } from '../../src/retail/types.ts';

/** Call it once at the top of a test file. */
export function openShop(): void {
  beforeEach(() => useDatabase(openDatabase(':memory:')));
}

/** `fail` throws an error whose message is the code. */
export const context: ToolContext = {
  principal: { subject: 'test' },
  operationId: 'op_test',
  signal: new AbortController().signal,
  log: { info() {}, warn() {}, error() {} },
  upstream: () => {
    throw new Error('the shop has no upstream');
  },
  progress: () => {},
  step: async (_name, work) => work(),
  fail: (code) => {
    throw new Error(code);
  },
};

export function order(id: string): Order {
  return present(findOrder(id));
}

export function user(id: string): User {
  return present(findUser(id));
}

/** The balance of a user's gift card, in US dollars. */
export function balance(userId: string, giftCardId: string): number {
  return present(user(userId).payment_methods[giftCardId]?.balance);
}

/** The ids of an order's items, in order. */
export function itemIds(orderId: string): string[] {
  return order(orderId).items.map((item) => item.item_id);
}

/** The variants that could take the place of an order's first item. */
export function otherVariants(orderId: string): { available: Variant; soldOut: Variant } {
  const item = present(order(orderId).items[0]);
  const others = Object.values(present(findProduct(item.product_id)).variants).filter(
    (variant) => variant.item_id !== item.item_id,
  );
  return {
    available: present(others.find((variant) => variant.available)),
    soldOut: present(others.find((variant) => !variant.available)),
  };
}

export function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the shop has no such record');
  return value;
}
