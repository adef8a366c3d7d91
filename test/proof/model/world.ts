/** One moment of a small world: one key, some workers that crash and pause, and an upstream that is never in a hurry. */
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { Conclusion } from '../../../templates/kernel/pipeline/conclude.ts';

export interface Scenario {
  /** Calls that can be under way at once. */
  readonly workers: number;
  readonly crashes: number;
  /** Calls that mean the same effect, retries included. */
  readonly requests: number;
  /** Calls under the same key with other arguments. */
  readonly otherArguments: number;
  /** Calls of other keys: all that they change is the highest fence. */
  readonly otherKeys: number;
  readonly recovery: 'quarantine' | 'send-again';
  /** `plain` applies whatever arrives, `keyed` each key once, `natural` sets a value: again is no other effect. */
  readonly upstream: 'plain' | 'keyed' | 'natural';
  /**
   * When an unknown outcome is read back from the upstream: once nothing can arrive any more; once nothing is on its
   * way, though a worker may have paused just before sending; or right away.
   */
  readonly lookup: 'never' | 'settled' | 'nothing-on-its-way' | 'at-once';
}

/** Where a call stands in `pipeline/write-path.ts`. */
export type Worker =
  | { readonly at: 'idle' }
  | { readonly at: 'claimed' | 'giving-back'; readonly fence: number }
  /** Nothing has left yet. `marked`: SENT is on record. */
  | { readonly at: 'sent'; readonly fence: number; readonly marked: boolean }
  /** `late`: the caller was told that the outcome is unknown, and waits no longer. */
  | { readonly at: 'waiting'; readonly fence: number; readonly late: boolean }
  | { readonly at: 'recording'; readonly fence: number; readonly late: boolean; readonly conclusion: Conclusion };

/** A request on its way to the upstream, or its answer on the way back. There is one per fence at most. */
export interface Attempt {
  readonly fence: number;
  readonly marked: boolean;
  /** `applied`: the answer is the receipt. */
  readonly state: 'flying' | 'refused' | { readonly receipt: string };
}

/** What happened so far, as far as any invariant asks. */
export interface History {
  /** A natural upstream counts each setting of the value. */
  readonly effects: number;
  /** Effects that happened without a SENT on record. */
  readonly unmarked: number;
  /** Claims of what read as UNKNOWN, although it must not be sent again. */
  readonly reruns: number;
  /** The different final answers that callers got, as JSON, in order. */
  readonly told: readonly string[];
}

export interface World {
  /** By the store's clock. */
  readonly now: number;
  readonly row: Operation | undefined;
  readonly lastFence: number;
  readonly workers: readonly Worker[];
  readonly attempts: readonly Attempt[];
  /** Fences whose UNKNOWN could not be written, because the store was away. */
  readonly owed: readonly number[];
  readonly left: Pick<Scenario, 'crashes' | 'requests' | 'otherArguments' | 'otherKeys'>;
  readonly history: History;
}

export const KEY = 'key';

export function firstWorld({ workers, crashes, requests, otherArguments, otherKeys }: Scenario): World {
  return {
    now: 0,
    row: undefined,
    lastFence: 0,
    workers: Array.from({ length: workers }, () => ({ at: 'idle' })),
    attempts: [],
    owed: [],
    left: { crashes, requests, otherArguments, otherKeys },
    history: { effects: 0, unmarked: 0, reruns: 0, told: [] },
  };
}

export function withWorker(world: World, index: number, worker: Worker): World {
  return { ...world, workers: world.workers.with(index, worker) };
}

/** The world with an attempt as it stands now, in place of the same attempt before; `undefined`: it is over. */
export function withAttempt(world: World, fence: number, attempt: Attempt | undefined): World {
  const others = world.attempts.filter((other) => other.fence !== fence);
  return { ...world, attempts: attempt === undefined ? others : [...others, attempt] };
}
