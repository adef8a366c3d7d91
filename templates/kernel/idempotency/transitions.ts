/**
 * What may become of an operation: one pure function per event, each giving the next state and the answer.
 * Every store applies these and nothing else, each in one transaction; so does the model checker.
 *
 *     CLAIMED ──sent──▶ SENT ──outcome──▶ DONE
 *        │               ├── ambiguous, or lease expired ──▶ UNKNOWN ──late outcome──▶ DONE
 *        └───────────────┴── provably not executed ──▶ RELEASED ──▶ may be claimed anew
 *
 * An expired lease never means "run it again": a claim that was never sent is taken over, one that was sent
 * becomes UNKNOWN.
 */
import type { Outcome } from '../execution.ts';
import type { Operation } from './operation.ts';
import type { BeginResult, Claim, Claimed, RecordResult } from './store.ts';

/** How long a caller is told to wait for a call under way, at most. */
const LONGEST_WAIT_MS = 2_000;

/** The store at the moment of a claim. */
export interface Moment {
  /** Milliseconds since the epoch, by the store's clock. */
  readonly now: number;
  /** The highest fence ever given, over all keys: fences are never given twice, even after rows are removed. */
  readonly lastFence: number;
  readonly retentionMs: number;
}

/** `next` is the very operation that was given where nothing changes. */
export interface Step<Next, Result> {
  readonly next: Next;
  readonly result: Result;
}

/** How the operation reads at a moment: SENT whose lease expired is UNKNOWN, also before anybody writes it down. */
export function asOf(operation: Operation, now: number): Operation {
  const lapsed = operation.state === 'sent' && operation.leaseUntil <= now;
  return lapsed ? { ...operation, state: 'unknown', updatedAt: operation.leaseUntil } : operation;
}

/** Claims the key, or says what became of it. */
export function begin(current: Operation | undefined, claim: Claim, at: Moment): Step<Operation, BeginResult> {
  if (current === undefined || isExpired(current, at)) return claimed(newOperation(claim, at));
  if (current.fingerprint !== claim.fingerprint) {
    return current.state === 'released'
      ? claimed(newOperation(claim, at))
      : { next: current, result: { kind: 'conflict', operation: current } };
  }
  const operation = asOf(current, at.now);
  switch (operation.state) {
    case 'released':
      return claimed(takenOver(operation, claim, at));
    case 'claimed':
      return operation.leaseUntil <= at.now ? claimed(takenOver(operation, claim, at)) : inProgress(operation, at);
    case 'sent':
      return inProgress(operation, at);
    case 'unknown':
      return claim.sendAgain
        ? claimed(takenOver(operation, claim, at))
        : { next: operation, result: { kind: 'unknown', operation } };
    case 'done':
      return whenDone(operation, claim, at);
  }
}

/** CLAIMED → SENT; `false` where the claim no longer holds, so that nothing may be sent. */
export function markSent(
  current: Operation | undefined,
  claim: Claimed,
  now: number,
): Step<Operation | undefined, boolean> {
  if (!holds(current, claim) || current.state !== 'claimed' || current.leaseUntil <= now) {
    return { next: current, result: false };
  }
  return { next: { ...current, state: 'sent', updatedAt: now }, result: true };
}

/** SENT → DONE; UNKNOWN → DONE by the same fence is the truth that came late. */
export function recordOutcome(
  current: Operation | undefined,
  { claimed: claim, outcome }: { readonly claimed: Claimed; readonly outcome: Outcome },
  now: number,
): Step<Operation | undefined, RecordResult> {
  if (!holds(current, claim) || (current.state !== 'sent' && current.state !== 'unknown')) {
    return { next: current, result: 'lost' };
  }
  const result = asOf(current, now).state === 'unknown' ? 'late' : 'recorded';
  return { next: { ...current, state: 'done', outcome, updatedAt: now }, result };
}

/** CLAIMED, SENT or UNKNOWN → RELEASED: the holder of the fence knows that nothing was executed. */
export function release(
  current: Operation | undefined,
  claim: Claimed,
  now: number,
): Step<Operation | undefined, void> {
  if (!holds(current, claim) || current.state === 'done') return { next: current, result: undefined };
  return { next: { ...current, state: 'released', updatedAt: now }, result: undefined };
}

/** SENT → UNKNOWN: it may have happened, or not. */
export function recordUnknown(
  current: Operation | undefined,
  claim: Claimed,
  now: number,
): Step<Operation | undefined, void> {
  if (!holds(current, claim) || current.state !== 'sent') return { next: current, result: undefined };
  return { next: { ...current, state: 'unknown', updatedAt: now }, result: undefined };
}

/** DONE and RELEASED end with the retention; CLAIMED, SENT and UNKNOWN never do. */
export function isExpired(operation: Operation, { now, retentionMs }: Omit<Moment, 'lastFence'>): boolean {
  return (operation.state === 'done' || operation.state === 'released') && operation.updatedAt + retentionMs <= now;
}

function holds(current: Operation | undefined, claim: Claimed): current is Operation {
  return current !== undefined && current.key === claim.key && current.fence === claim.fence;
}

function whenDone(operation: Operation, claim: Claim, at: Moment): Step<Operation, BeginResult> {
  const { outcome } = operation;
  // Set A, set B, set A: the third call means it. Setting again is always safe, so only a value that nothing
  // was claimed after is taken as still set.
  if (claim.sendAgain && operation.fence !== at.lastFence) return claimed(newOperation(claim, at));
  return outcome === null
    ? { next: operation, result: { kind: 'unknown', operation } }
    : { next: operation, result: { kind: 'done', operation, outcome } };
}

function inProgress(operation: Operation, { now }: Moment): Step<Operation, BeginResult> {
  const retryAfterMs = Math.min(operation.leaseUntil - now, LONGEST_WAIT_MS);
  return { next: operation, result: { kind: 'in-progress', operation, retryAfterMs } };
}

function claimed(operation: Operation): Step<Operation, BeginResult> {
  return { next: operation, result: { kind: 'claimed', operation } };
}

function newOperation(claim: Claim, at: Moment): Operation {
  const { id, key, fingerprint, tool, subject, tenant } = claim;
  return { id, key, fingerprint, tool, subject, tenant, createdAt: at.now, ...claimFields(claim, at) };
}

/** The same operation under a new fence: its id stays, because callers know it by that. */
function takenOver(operation: Operation, claim: Claim, at: Moment): Operation {
  return { ...operation, ...claimFields(claim, at) };
}

function claimFields(claim: Claim, { now, lastFence }: Moment) {
  return {
    state: 'claimed',
    fence: lastFence + 1,
    leaseUntil: now + claim.leaseMs,
    updatedAt: now,
    outcome: null,
  } as const;
}
