/** Stores with one fault each, of the kinds that the check has to find. */
import type { Claimed } from '../../../templates/kernel/idempotency/claim.ts';
import type { Decide, Ledger } from '../../../templates/kernel/idempotency/ledger.ts';
import { operationStore } from '../../../templates/kernel/idempotency/operation-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import type { Current, Moment } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import type { StoreAccess } from './perform.ts';

/** Compares no fences: whoever once held the key is taken for its holder now. */
export function ignoringFences(store: OperationStore, currentFence: () => number): OperationStore {
  const current = (claimed: Claimed): Claimed => ({ ...claimed, fence: currentFence() });
  return {
    ...store,
    markSent: (claimed, digest) => store.markSent(current(claimed), digest),
    recordOutcome: (claimed, outcome) => store.recordOutcome(current(claimed), outcome),
    release: (claimed, options) => store.release(current(claimed), options),
    recordUnknown: (claimed) => store.recordUnknown(current(claimed)),
    startStep: (claimed, name) => store.startStep(current(claimed), name),
    finishStep: (claimed, step) => store.finishStep(current(claimed), step),
    extendLease: (claimed, leaseMs) => store.extendLease(current(claimed), leaseMs),
    lapse: (claimed, as) => store.lapse(current(claimed), as),
    settle: (claimed, lookUp) => store.settle(current(claimed), lookUp),
    reclaim: (reclaim) => store.reclaim({ ...reclaim, claimed: current(reclaim.claimed) }),
  };
}

/** Applies the transition table, but lets others in between reading the operation and writing it. */
export function withoutTransactions(between: () => Promise<void>): StoreAccess {
  let row: Current;
  let lastFence = 0;
  const moment = (): Moment => ({ now: 1, retentionMs: Number.MAX_SAFE_INTEGER, lastFence, held: false });

  async function apply<Result>(decide: Decide<Result>): Promise<Result> {
    const { next, result } = decide(row, moment());
    await between();
    row = next;
    lastFence = Math.max(lastFence, next?.fence ?? 0);
    return result;
  }

  const notAsked = async () => {
    throw new Error('no history asks for this');
  };
  const ledger: Ledger = {
    change: (_, decide) => apply(decide),
    look: async () => ({ found: row, at: moment() }),
    list: notAsked,
    reap: notAsked,
    entries: notAsked,
    removeEntries: notAsked,
    hold: notAsked,
    now: async () => moment().now,
    ping: async () => {},
    close: async () => {},
  };
  return {
    store: operationStore(ledger),
    expire: () => apply((current) => ({ next: current && { ...current, leaseUntil: 0 }, result: undefined })),
  };
}
