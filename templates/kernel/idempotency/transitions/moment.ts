/** What every transition is told, and what it answers. */
import type { Claimed } from '../claim.ts';
import { hasSteps, type Operation } from '../operation.ts';

/** The store at the moment of a transition. */
export interface Moment {
  /** Milliseconds since the epoch, by the store's clock. */
  readonly now: number;
  /** The highest fence ever given, over all keys: fences are never given twice, even after rows are removed. */
  readonly lastFence: number;
  readonly retentionMs: number;
  /** Irreversible calls are held back. */
  readonly held: boolean;
}

/** `next` is the very operation that was given where nothing changes. */
export interface Step<Next, Result> {
  readonly next: Next;
  readonly result: Result;
  /** Counters to raise by one. Where one of them is full, nothing is written, and `whenFull` gives the result. */
  readonly charge?: readonly Charge[];
  readonly whenFull?: (full: Charge) => Result;
  /** Counters to lower by one, where they still exist. */
  readonly refund?: readonly string[];
}

/** One effect, counted. */
export interface Charge {
  readonly counter: string;
  readonly limit: number;
  /** When the counter is needed no more: milliseconds since the epoch. */
  readonly expiresAt: number;
}

export type Current = Operation | undefined;
/** A step that may find nothing to change. */
export type Change<Result> = Step<Current, Result>;

export function unchanged<Result>(current: Current, result: Result): Change<Result> {
  return { next: current, result };
}

/**
 * How the operation reads at a moment: what may have been sent, and whose lease expired, is UNKNOWN, also before
 * anybody writes it down.
 */
export function asOf(operation: Operation, now: number): Operation {
  const maySent = operation.state === 'sent' || (operation.state === 'claimed' && operation.inDoubt);
  const lapsed = maySent && operation.leaseUntil <= now;
  return lapsed ? { ...operation, state: 'unknown', updatedAt: operation.leaseUntil } : operation;
}

/**
 * DONE and RELEASED end with the retention, questions with their time; CLAIMED, SENT and UNKNOWN never do, nor does what
 * happened in part.
 */
export function isExpired(operation: Operation, { now, retentionMs }: Pick<Moment, 'now' | 'retentionMs'>): boolean {
  switch (operation.state) {
    case 'released':
      return !hasSteps(operation) && operation.updatedAt + retentionMs <= now;
    case 'done':
      return operation.updatedAt + retentionMs <= now;
    case 'pending-approval':
    case 'approved':
    case 'denied':
      return operation.approval === null || operation.approval.expiresAt <= now;
    case 'claimed':
    case 'sent':
    case 'unknown':
      return false;
  }
}

/** It happened in part, and nobody is at work on the rest: that waits for the same call, or for a person. */
export function isInterrupted(operation: Operation, now: number): boolean {
  const { state, leaseUntil } = operation;
  return hasSteps(operation) && (state === 'released' || (state === 'claimed' && leaseUntil <= now));
}

export function holds(current: Current, claim: Claimed): current is Operation {
  return current !== undefined && current.key === claim.key && current.fence === claim.fence;
}
