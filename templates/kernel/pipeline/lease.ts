/** The claim of an operation under way: kept while its owner lives, and its owner's word on whether it still holds. */
import type { Operation } from '../idempotency/operation.ts';
import type { OperationStore } from '../idempotency/store.ts';
import { elapsedMs, instantNow, type Instant } from './elapsed.ts';

export interface Lease {
  /**
   * Whether something may still be sent. Counted from before the claim was made, so that a process that was paused, or
   * a machine that slept, never takes its claim for longer than the store does.
   */
  holds(): boolean;
  /** Nothing may be sent any more, and the claim is not kept. */
  end(): void;
}

/** Extends the claim in time, as long as the store says that it is still held. `since`: before the claim. */
export function keepLease(
  store: OperationStore,
  operation: Operation,
  { leaseMs, since }: { readonly leaseMs: number; readonly since: Instant },
): Lease {
  let held = since;
  let beating = false;
  let ended = false;
  const timer = setInterval(() => {
    // One at a time: a slow store is not asked more.
    if (!beating) void beat();
  }, leaseMs / 3);
  timer.unref();

  async function beat(): Promise<void> {
    const asked = instantNow();
    beating = true;
    try {
      if (!(await store.extendLease(operation, leaseMs))) end();
      else if (!ended) held = asked;
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

  return { holds: () => !ended && elapsedMs(held) < leaseMs, end };
}
