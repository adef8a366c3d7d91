/** People, look-ups and resends settle what the server cannot know. */
import type { Claimed } from '../claim.ts';
import type { Operation } from '../operation.ts';
import type { DecideResult, Decision, LookUpResult, Reclaim, Resolution, ResolveResult } from '../store.ts';
import { asOf, holds, isExpired, isInterrupted, unchanged, type Change, type Current, type Moment } from './moment.ts';
import { released } from './progress.ts';

/** PENDING → APPROVED or DENIED; never by the one who asked. The answer stands as long as the question did. */
export function decide(current: Current, { id, approve, by }: Decision, at: Moment): Change<DecideResult> {
  if (current === undefined || current.id !== id) return unchanged(current, 'not-found');
  const { state, approval, subject } = current;
  if (state !== 'pending-approval' || approval === null || isExpired(current, at)) {
    return unchanged(current, 'not-pending');
  }
  // The caller is asked in the client: their yes comes with the call, and only their no is said here.
  if (approval.by === 'caller' && (approve || by !== subject)) return unchanged(current, 'by-caller');
  if (approval.by === 'approver' && by === subject) return unchanged(current, 'own');
  const decided = { ...approval, decidedBy: by, expiresAt: at.now + approval.expiresMs };
  const next = { ...current, state: approve ? 'approved' : 'denied', approval: decided, updatedAt: at.now } as const;
  return { next, result: 'decided' };
}

/** UNKNOWN → DONE or RELEASED: a person found out; what was interrupted → DONE, where a person did the rest. */
export function resolve(current: Current, { id, outcome, by }: Resolution, now: number): Change<ResolveResult> {
  if (current === undefined || current.id !== id) return unchanged(current, 'not-found');
  const operation = asOf(current, now);
  // That nothing more happened is on record already: only that the rest did is news.
  const isNews = operation.state === 'unknown' || (outcome !== null && isInterrupted(operation, now));
  if (!isNews) return unchanged(current, 'not-unknown');
  const resolved = { ...operation, resolvedBy: by };
  if (outcome === null) return released(resolved, now, 'resolved');
  return { next: { ...resolved, state: 'done', outcome, step: null, updatedAt: now }, result: 'resolved' };
}

/**
 * UNKNOWN → RELEASED: nothing was found by a look-up that began when whatever was sent had been applied. Anything
 * that happened to the operation since then makes the look-up worthless.
 */
export function settle(
  current: Current,
  { claimed, lookUp }: { readonly claimed: Claimed; readonly lookUp: LookUpResult },
  now: number,
): Change<boolean> {
  if (!holds(current, claimed)) return unchanged(current, false);
  const operation = asOf(current, now);
  const settled = operation.state === 'unknown' && operation.updatedAt + lookUp.settleMs <= lookUp.lookedAt;
  return settled ? released(operation, now, true) : unchanged(current, false);
}

/** UNKNOWN → CLAIMED, to send the same again while the upstream remembers the key; `undefined` where that is over. */
export function reclaim(
  current: Current,
  { claimed, leaseMs, withinMs }: Reclaim,
  { now, lastFence }: Moment,
): Change<Operation | undefined> {
  if (!holds(current, claimed)) return unchanged(current, undefined);
  const operation = asOf(current, now);
  const { state, firstSent } = operation;
  if (state !== 'unknown' || firstSent === null || firstSent.at + withinMs <= now) return unchanged(current, undefined);
  const next: Operation = {
    ...operation,
    state: 'claimed',
    fence: lastFence + 1,
    leaseUntil: now + leaseMs,
    updatedAt: now,
    step: null,
    inDoubt: true,
  };
  return { next, result: next };
}
