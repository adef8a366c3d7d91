/** One moment of a small world: a key or two, workers that crash and pause, people, and an upstream in no hurry. */
import type { AfterUnknown, Claimed } from '../../../templates/kernel/idempotency/claim.ts';
import type { Current } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import type { Look, Question, Seen, Yes } from './people.ts';
import type { Attempt, Memory } from './upstream.ts';
import type { Worker } from './worker.ts';

/** How much of each may happen, and between whom. */
export interface Scenario {
  /** Calls that can be under way at once. */
  readonly workers: number;
  readonly keys: 1 | 2;
  readonly left: Left;
  readonly afterUnknown: AfterUnknown['kind'];
  /** How many steps a handler acts in; without any, there is one request. */
  readonly steps: 0 | 2;
  readonly approval: 'none' | 'caller' | 'approver';
  /** Over all keys; none where it is `null`. */
  readonly cap: number | null;
  /** `plain` applies whatever arrives, `keyed` each key once, `natural` sets a value: again is no other effect. */
  readonly upstream: 'plain' | 'keyed' | 'natural';
  /** What is safe only because something does not happen; `safe`: it does not. */
  readonly fault:
    | 'safe'
    /** Requests leave although the lease is over, or the caller was told that the outcome is unknown. */
    | 'sends-after-its-lease'
    | 'sends-after-its-deadline'
    /** Look-ups do not wait until what was sent had time to arrive. */
    | 'looks-up-at-once'
    /** The upstream forgets a key while the store still sends again, or before what was sent then has arrived. */
    | 'forgets-within-the-window'
    | 'forgets-without-a-margin';
}

/** How often each may still happen. */
export interface Left {
  readonly crashes: number;
  /** Calls that mean the same effect, retries included. */
  readonly requests: number;
  /** Calls under the same key with other arguments. */
  readonly otherArguments: number;
  /** Calls whose request reads differently by now, though it means the same. */
  readonly otherDigests: number;
  /** Requests that are sent again within their call. */
  readonly retries: number;
  /** What reconcilers do: look-ups, claims to send again, lists of what is open. */
  readonly lookUps: number;
  readonly reclaims: number;
  readonly lists: number;
  /** Leases that are extended. */
  readonly extensions: number;
}

/** What happened so far, as far as any invariant asks. */
export interface History {
  /** By key, or by step. A natural upstream counts each setting of the value. */
  readonly effects: readonly number[];
  /** Effects that happened without a SENT on record. */
  readonly unmarked: number;
  /** Claims of what read as UNKNOWN, although it must not be sent again. */
  readonly reruns: number;
  /** Claims without anybody's yes to what they are about. */
  readonly unapproved: number;
  /** The different final answers that callers got, as JSON, in order. */
  readonly told: readonly string[];
}

export interface World {
  /** By the store's clock. It ticks with everything that is written or sent, so that no two things happen at once. */
  readonly now: number;
  readonly rows: readonly Current[];
  readonly lastFence: number;
  /** The counter of the cap. */
  readonly count: number;
  readonly workers: readonly Worker[];
  readonly attempts: readonly Attempt[];
  /** What a keyed upstream remembers. */
  readonly memory: Memory;
  /** Claims whose UNKNOWN could not be written, because the store was away. */
  readonly owed: readonly Claimed[];
  readonly look: Look | null;
  readonly seen: Seen | null;
  readonly question: Question | null;
  readonly yes: Yes | null;
  /** Calls so far; their operations are named by it. */
  readonly calls: number;
  /** Requests that left so far. */
  readonly sends: number;
  readonly left: Left;
  readonly history: History;
}

export function firstWorld({ workers, keys, steps, left }: Scenario): World {
  return {
    now: 0,
    rows: Array.from({ length: keys }, () => undefined),
    lastFence: 0,
    count: 0,
    workers: Array.from({ length: workers }, () => ({ at: 'idle' })),
    attempts: [],
    memory: {},
    owed: [],
    look: null,
    seen: null,
    question: null,
    yes: null,
    calls: 0,
    sends: 0,
    left,
    history: {
      effects: Array.from({ length: Math.max(keys, steps) }, () => 0),
      unmarked: 0,
      reruns: 0,
      unapproved: 0,
      told: [],
    },
  };
}

export function spend(world: World, what: keyof Left): World {
  return { ...world, left: { ...world.left, [what]: world.left[what] - 1 } };
}

export function withWorker(world: World, index: number, worker: Worker): World {
  return { ...world, workers: world.workers.with(index, worker) };
}
