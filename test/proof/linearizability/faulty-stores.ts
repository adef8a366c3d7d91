/** Stores with one fault each, of the kinds that the check has to find. */
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { Claimed, OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import * as transitions from '../../../templates/kernel/idempotency/transitions.ts';
import type { StoreAccess } from './store-calls.ts';

/** Compares no fences: whoever once held the key is taken for its holder now. */
export function ignoringFences(store: OperationStore, currentFence: () => number): OperationStore {
  const current = (claimed: Claimed): Claimed => ({ ...claimed, fence: currentFence() });
  return {
    ...store,
    markSent: (claimed) => store.markSent(current(claimed)),
    recordOutcome: (claimed, outcome) => store.recordOutcome(current(claimed), outcome),
    release: (claimed) => store.release(current(claimed)),
    recordUnknown: (claimed) => store.recordUnknown(current(claimed)),
  };
}

const MOMENT = { now: 1, retentionMs: Number.MAX_SAFE_INTEGER } as const;

/** Applies the transition table, but lets others in between reading the operation and writing it. */
export function withoutTransactions(between: () => Promise<void>): StoreAccess {
  let row: Operation | undefined;
  let lastFence = 0;

  async function apply<Result>(
    event: (current: Operation | undefined) => transitions.Step<Operation | undefined, Result>,
  ): Promise<Result> {
    const { next, result } = event(row);
    await between();
    row = next;
    lastFence = Math.max(lastFence, next?.fence ?? 0);
    return result;
  }

  const store: OperationStore = {
    begin: (claim) => apply((current) => transitions.begin(current, claim, { ...MOMENT, lastFence })),
    async peek(claim) {
      const { result } = transitions.begin(row, claim, { ...MOMENT, lastFence });
      return result.kind === 'claimed' ? undefined : result;
    },
    markSent: (claimed) => apply((current) => transitions.markSent(current, claimed, MOMENT.now)),
    recordOutcome: (claimed, outcome) =>
      apply((current) => transitions.recordOutcome(current, { claimed, outcome }, MOMENT.now)),
    release: (claimed) => apply((current) => transitions.release(current, claimed, MOMENT.now)),
    recordUnknown: (claimed) => apply((current) => transitions.recordUnknown(current, claimed, MOMENT.now)),
    findById: async () => row,
    now: async () => MOMENT.now,
    ping: async () => {},
    close: async () => {},
  };
  return {
    store,
    expire: () => apply((current) => ({ next: current && { ...current, leaseUntil: 0 }, result: undefined })),
  };
}
