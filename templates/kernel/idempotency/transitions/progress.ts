/** The holder of a claim moves its operation on. */
import type { Outcome } from '../../execution.ts';
import type { Claimed } from '../claim.ts';
import { hasSteps, type Operation } from '../operation.ts';
import type { LapsedAs, RecordResult, SentResult } from '../store.ts';
import { asOf, holds, unchanged, type Change, type Current } from './moment.ts';

/** CLAIMED → SENT. What was sent before under this key has to be the same request, or what it did stays unknown. */
export function markSent(
  current: Current,
  { claimed, digest }: { readonly claimed: Claimed; readonly digest: string | null },
  now: number,
): Change<SentResult> {
  if (!holds(current, claimed) || current.state !== 'claimed' || current.leaseUntil <= now) {
    return unchanged(current, 'lost');
  }
  const { inDoubt, firstSent } = current;
  if (inDoubt && (firstSent?.digest ?? null) !== digest) {
    return { next: { ...current, state: 'unknown', updatedAt: now }, result: 'changed' };
  }
  const first = inDoubt && firstSent !== null ? firstSent : { at: now, digest };
  return { next: { ...current, state: 'sent', firstSent: first, updatedAt: now }, result: 'sent' };
}

/** `false` where the claim holds no more: it cannot be had back. */
export function extendLease(
  current: Current,
  { claimed, leaseMs }: { readonly claimed: Claimed; readonly leaseMs: number },
  now: number,
): Change<boolean> {
  if (!isUnderWay(current, claimed) || current.leaseUntil <= now) return unchanged(current, false);
  return { next: { ...current, leaseUntil: Math.max(current.leaseUntil, now + leaseMs) }, result: true };
}

/**
 * → DONE; UNKNOWN → DONE by the same fence is the truth that came late. What is DONE and never was sent existed before,
 * so that it counts for no cap.
 */
export function recordOutcome(
  current: Current,
  { claimed, outcome }: { readonly claimed: Claimed; readonly outcome: Outcome },
  now: number,
): Change<RecordResult> {
  if (!isUnderWay(current, claimed) && !isUnknown(current, claimed)) return unchanged(current, 'lost');
  const result = asOf(current, now).state === 'unknown' ? 'late' : 'recorded';
  const next = { ...current, state: 'done', outcome, step: null, updatedAt: now } as const;
  const existed = current.state === 'claimed' && !current.inDoubt && !hasSteps(current);
  return existed ? { next: { ...next, charges: [] }, result, refund: current.charges } : { next, result };
}

/** → RELEASED: the holder of the fence knows that nothing was executed, by itself or, if `certain`, at all. */
export function release(
  current: Current,
  { claimed, certain }: { readonly claimed: Claimed; readonly certain: boolean },
  now: number,
): Change<void> {
  if (!isUnderWay(current, claimed) && !isUnknown(current, claimed)) return unchanged(current, undefined);
  if (current.inDoubt && !certain) {
    return { next: { ...current, state: 'unknown', updatedAt: now }, result: undefined };
  }
  return released(current, now, undefined);
}

/**
 * The lease ran out without news from its holder. `as`: CLAIMED → RELEASED, but for what has finished steps, which waits
 * for its caller; or what may have been sent → UNKNOWN. Whoever says so is not the holder and read the operation before,
 * so that what it is by now is asked again.
 */
export function lapse(
  current: Current,
  { claimed, as }: { readonly claimed: Claimed; readonly as: LapsedAs },
  now: number,
): Change<boolean> {
  if (!isUnderWay(current, claimed) || current.leaseUntil > now) return unchanged(current, false);
  const isUnknown = asOf(current, now).state === 'unknown';
  if (as === 'unknown') {
    return isUnknown
      ? { next: { ...current, state: 'unknown', updatedAt: now }, result: true }
      : unchanged(current, false);
  }
  return isUnknown || hasSteps(current) ? unchanged(current, false) : released(current, now, true);
}

/** SENT, or in doubt from before → UNKNOWN: it may have happened, or not. */
export function recordUnknown(current: Current, claimed: Claimed, now: number): Change<void> {
  if (!isUnderWay(current, claimed) || (current.state === 'claimed' && !current.inDoubt)) {
    return unchanged(current, undefined);
  }
  return { next: { ...current, state: 'unknown', updatedAt: now }, result: undefined };
}

/** The key is free, and what was charged is given back. Finished steps stay, and so does what they were charged to. */
export function released<Result>(operation: Operation, now: number, result: Result): Change<Result> {
  const [charges, refund] = hasSteps(operation) ? [operation.charges, []] : [[], operation.charges];
  const free = { state: 'released', inDoubt: false, firstSent: null, charges, step: null, updatedAt: now } as const;
  return { next: { ...operation, ...free }, result, refund };
}

function isUnderWay(current: Current, claimed: Claimed): current is Operation {
  return holds(current, claimed) && (current.state === 'claimed' || current.state === 'sent');
}

function isUnknown(current: Current, claimed: Claimed): current is Operation {
  return holds(current, claimed) && current.state === 'unknown';
}
