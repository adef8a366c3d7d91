/** Operations in each state that people are concerned with, made as the pipeline makes them. Each gives the id. */
import type { ApprovalRequest, Claim } from '../../../templates/kernel/idempotency/claim.ts';
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { newOperationId, realmOf } from '../../../templates/kernel/pipeline/operation-id.ts';
import { claimOf, refused, succeeded } from '../idempotency/samples.ts';

export const BILLING = realmOf('billing', 'test');

export const QUESTION: ApprovalRequest = {
  by: 'approver',
  scope: 'refunds:approve',
  summary: 'Refund 500 cents of inv_1',
  expiresMs: 900_000,
  consent: null,
};

/** A claim of its own key; ada of acme asks. */
export function claimIn(realm: string, changes: Partial<Claim> = {}): Claim {
  const id = newOperationId(realm);
  return claimOf({ id, key: id, ...changes });
}

export async function waiting(store: OperationStore, claim = claimIn(BILLING, { approval: QUESTION })) {
  await store.begin(claim);
  return claim.id;
}

export async function underWay(store: OperationStore, claim = claimIn(BILLING)): Promise<Operation> {
  const begun = await store.begin(claim);
  if (begun.kind !== 'claimed') throw new Error(`It is ${begun.kind}`);
  await store.markSent(begun.operation, 'digest-1');
  return begun.operation;
}

export async function unknown(store: OperationStore, claim?: Claim): Promise<string> {
  const operation = await underWay(store, claim);
  await store.recordUnknown(operation);
  return operation.id;
}

export async function failed(store: OperationStore, claim?: Claim): Promise<string> {
  const operation = await underWay(store, claim);
  await store.recordOutcome(operation, refused);
  return operation.id;
}

export async function done(store: OperationStore, claim?: Claim): Promise<string> {
  const operation = await underWay(store, claim);
  await store.recordOutcome(operation, succeeded);
  return operation.id;
}

export async function released(store: OperationStore, claim?: Claim): Promise<string> {
  const operation = await underWay(store, claim);
  await store.release(operation);
  return operation.id;
}
