/** Where a call stands in `pipeline/write-path.ts`. */
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { Conclusion } from '../../../templates/kernel/pipeline/conclude.ts';

export type Worker = { readonly at: 'idle' } | Busy;

export type Busy =
  /** Nothing is sent: also between two steps. */
  | (Held & { readonly at: 'claimed' | 'giving-back' })
  /** Something is about to leave. `again`: an attempt of this call may have arrived before. */
  | (Sending & { readonly at: 'sending' })
  | (Sending & { readonly at: 'waiting'; readonly attempt: number })
  | (Held & { readonly at: 'recording'; readonly conclusion: Conclusion });

export interface Held {
  /** As it was claimed. */
  readonly operation: Operation;
  /** Until when its owner takes the claim to hold. */
  readonly until: number;
  /** Steps that are not finished, by number. */
  readonly todo: readonly number[];
  /** The caller was told that the outcome is unknown, and waits no longer; what was not sent by then is not. */
  readonly late: boolean;
}

export interface Sending extends Held {
  readonly digest: string;
  /** SENT was on record when the sending began. */
  readonly marked: boolean;
  readonly again: boolean;
}

/** What a worker keeps from one step of its call to the next. */
export function heldBy({ operation, until, todo, late }: Held): Held {
  return { operation, until, todo, late };
}
