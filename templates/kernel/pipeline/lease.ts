/** The claim of an operation under way: kept while its owner lives, and its owner's word on whether it still holds. */
import type { Operation } from '../idempotency/operation.ts';
import type { OperationStore } from '../idempotency/store.ts';

export interface Lease {
  /**
   * Whether something may still be sent. Told by a clock that cannot be set, and counted from before the claim was
   * made, so that a process that was paused never takes its claim for longer than the store does.
   */
  holds(): boolean;
  /** Nothing may be sent any more, and the claim is not kept. */
  end(): void;
}

/** Extends the claim in time, as long as the store says that it is still held. `since`: `performance.now()` before the claim. */
export function keepLease(
  store: OperationStore,
  operation: Operation,
  { leaseMs, since }: { readonly leaseMs: number; readonly since: number },
): Lease {
  let until = since + leaseMs;
  let beating = false;
  let ended = false;
  const timer = setInterval(() => {
    // One at a time: a slow store is not asked more.
    if (!beating) void beat();
  }, leaseMs / 3);
  timer.unref();

  async function beat(): Promise<void> {
    const asked = performance.now();
    beating = true;
    try {
      if (!(await store.extendLease(operation, leaseMs))) end();
      else if (!ended) until = asked + leaseMs;
    } catch {
      // The store may answer the next time; until then the claim holds as long as it was told.
    } finally {
      beating = false;
    }
  }

  function end(): void {
    ended = true;
    clearInterval(timer);
  }

  return { holds: () => !ended && performance.now() < until, end };
}
