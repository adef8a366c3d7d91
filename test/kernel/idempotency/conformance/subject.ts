/** A store under test, and the first steps of most tests. */
import { expect } from 'vitest';

import type { BeginResult, Claim } from '../../../../templates/kernel/idempotency/claim.ts';
import type { Operation } from '../../../../templates/kernel/idempotency/operation.ts';
import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { claimOf } from '../samples.ts';

export interface StoreUnderTest {
  readonly store: OperationStore;
  /** Another process's store over the same operations. */
  another(): Promise<OperationStore>;
  /** As if so much time had passed by the store's clock. */
  passTime(ms: number): Promise<void>;
  dispose(): Promise<void>;
}

/** Opens an empty store. */
export type Fresh = () => Promise<StoreUnderTest>;

export const RETENTION_MS = 86_400_000;

export async function claim(store: OperationStore, changes: Partial<Claim> = {}): Promise<Operation> {
  const begun = await store.begin(claimOf(changes));
  expect(begun.kind).toBe('claimed');
  return begun.operation;
}

export async function send(store: OperationStore, changes: Partial<Claim> = {}): Promise<Operation> {
  const operation = await claim(store, changes);
  expect(await store.markSent(operation, 'request-1')).toBe('sent');
  return operation;
}

export async function kindOf(store: OperationStore, changes: Partial<Claim> = {}): Promise<BeginResult['kind']> {
  return (await store.begin(claimOf(changes))).kind;
}
