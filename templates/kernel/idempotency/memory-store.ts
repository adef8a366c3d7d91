/** Operations in memory: for tests. They end with the process, so production is refused. */
import type { Operation } from './operation.ts';
import { StoreUnavailable, type OperationStore } from './store.ts';
import * as transitions from './transitions.ts';
import type { Step } from './transitions.ts';

export interface MemoryStoreOptions {
  readonly retentionMs: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Throws where `NODE_ENV` is `production`: a restart would forget what was done, and do it twice. */
export function openMemoryStore({ retentionMs, now = Date.now }: MemoryStoreOptions): OperationStore {
  if (process.env['NODE_ENV'] === 'production') {
    throw new StoreUnavailable(
      'The memory store forgets on restart. In production use `idempotency: { store: sqlite }`.',
    );
  }
  const operations = new Map<string, Operation>();
  let lastFence = 0;

  function apply<Result>(key: string, event: (current: Operation | undefined) => Step<Operation | undefined, Result>) {
    const { next, result } = event(operations.get(key));
    if (next !== undefined) operations.set(key, next);
    return result;
  }

  return {
    async begin(claim) {
      const moment = { now: now(), lastFence, retentionMs };
      for (const [key, operation] of operations) if (transitions.isExpired(operation, moment)) operations.delete(key);
      const result = apply(claim.key, (current) => transitions.begin(current, claim, moment));
      lastFence = Math.max(lastFence, result.operation.fence);
      return result;
    },
    async peek(claim) {
      const { result } = transitions.begin(operations.get(claim.key), claim, { now: now(), lastFence, retentionMs });
      return result.kind === 'claimed' ? undefined : result;
    },
    async markSent(claimed) {
      return apply(claimed.key, (current) => transitions.markSent(current, claimed, now()));
    },
    async recordOutcome(claimed, outcome) {
      return apply(claimed.key, (current) => transitions.recordOutcome(current, { claimed, outcome }, now()));
    },
    async release(claimed) {
      apply(claimed.key, (current) => transitions.release(current, claimed, now()));
    },
    async recordUnknown(claimed) {
      apply(claimed.key, (current) => transitions.recordUnknown(current, claimed, now()));
    },
    async findById(id) {
      const found = [...operations.values()].find((operation) => operation.id === id);
      return found === undefined ? undefined : transitions.asOf(found, now());
    },
    async now() {
      return now();
    },
    async ping() {},
    async close() {},
  };
}
