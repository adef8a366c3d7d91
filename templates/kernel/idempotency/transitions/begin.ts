/** A call asks for its key, or what became of it. */
import type { BeginResult, Claim } from '../claim.ts';
import { hasSteps, type Approval, type Operation } from '../operation.ts';
import { chargesAt, endsIn } from './caps.ts';
import { asOf, isExpired, unchanged, type Change, type Current, type Moment, type Step } from './moment.ts';

/** How long a caller is told to wait for a call under way, at most. */
const LONGEST_WAIT_MS = 2_000;

type Begun = Step<Operation, BeginResult>;

/** Claims the key, or says what became of it. */
export function begin(current: Current, claim: Claim, at: Moment): Change<BeginResult> {
  const begun = follow(current, claim, at);
  if (begun.result.kind === 'claimed' && claim.approval?.declined === true) {
    return unchanged(current, { kind: 'denied', operation: begun.next });
  }
  // A backup knows a claim that was finished since as one whose holder went; only what is sent again anyway may go on.
  const mayBeSecond = begun.result.kind === 'claimed' && !begun.result.operation.inDoubt;
  return mayBeSecond && claim.irreversible && at.held
    ? unchanged(current, { kind: 'held', operation: begun.next })
    : begun;
}

/**
 * What `begin` would answer about an operation that was asked for before; `undefined` where there is none, or none
 * that still counts.
 */
export function peek(current: Current, claim: Claim, at: Moment): BeginResult | undefined {
  if (current === undefined || (current.state === 'released' && !hasSteps(current))) return undefined;
  const { result } = begin(current, claim, at);
  return result.operation.id === claim.id ? undefined : result;
}

function follow(current: Current, claim: Claim, at: Moment): Begun {
  if (current === undefined || isExpired(current, at)) return anew(claim, at);
  if (current.fingerprint !== claim.fingerprint) {
    return isFree(current) ? anew(claim, at) : { next: current, result: { kind: 'conflict', operation: current } };
  }
  const operation = asOf(current, at.now);
  switch (operation.state) {
    case 'pending-approval':
      return hasConsent(operation, claim)
        ? firstClaim(agreed(operation, claim, at), claim, at)
        : { next: operation, result: { kind: 'approval-required', operation } };
    case 'denied':
      return { next: operation, result: { kind: 'denied', operation } };
    case 'approved':
      return firstClaim(operation, claim, at);
    case 'released':
      return mayRunAgain(operation, claim, at) ? firstClaim(operation, claim, at) : anew(claim, at);
    case 'claimed':
      return operation.leaseUntil <= at.now ? whenLapsed(operation, claim, at) : inProgress(operation, at);
    case 'sent':
      return inProgress(operation, at);
    case 'unknown':
      return whenUnknown(operation, claim, at);
    case 'done':
      return whenDone(operation, claim, at);
  }
}

/** Nothing was executed, not even a step, so that other arguments may have the key. */
function isFree(operation: Operation): boolean {
  const mayBe = ['released', 'pending-approval', 'approved', 'denied'].includes(operation.state);
  return mayBe && !hasSteps(operation);
}

function hasConsent({ id, approval }: Operation, claim: Claim): boolean {
  return approval?.by === 'caller' && claim.approval?.consent === id;
}

/**
 * A yes is good for one effect: what provably had none may be tried again while the yes stands, and what had a part of
 * it may have the rest.
 */
function mayRunAgain(operation: Operation, claim: Claim, { now }: Moment): boolean {
  return isAgreed(operation, claim, now) || hasSteps(operation);
}

/** Nobody has to be asked, or who was has said yes, and it stands. */
function isAgreed({ approval }: Operation, claim: Claim, now: number): boolean {
  const stands = approval !== null && approval.decidedBy !== null && approval.expiresAt > now;
  return claim.approval === null || stands;
}

/** Claimed, and nothing sent: as if it had been released. */
function whenLapsed(operation: Operation, claim: Claim, at: Moment): Begun {
  return mayRunAgain(operation, claim, at)
    ? claimed(takenOver(operation, claim, at))
    : { ...anew(claim, at), refund: operation.charges };
}

function whenUnknown(operation: Operation, claim: Claim, at: Moment): Begun {
  const { afterUnknown } = claim;
  const { firstSent } = operation;
  const doubtful = { ...operation, inDoubt: true };
  switch (afterUnknown.kind) {
    case 'resend':
      if (firstSent === null || at.now >= firstSent.at + afterUnknown.withinMs) break;
      return claimed(takenOver(doubtful, claim, at));
    case 'set-again':
      // However late it is, so that its yes may be over, and what it was charged to, too.
      if (!isAgreed(operation, claim, at.now)) break;
      return charged(doubtful, claim, at);
    case 'quarantine':
  }
  return { next: operation, result: { kind: 'unknown', operation } };
}

function whenDone(operation: Operation, claim: Claim, at: Moment): Begun {
  const { outcome } = operation;
  // Set A, set B, set A: the third call means it. Which of two values that were set at once came last, nobody knows.
  if (claim.afterUnknown.kind === 'set-again') return anew(claim, at);
  return outcome === null
    ? { next: operation, result: { kind: 'unknown', operation } }
    : { next: operation, result: { kind: 'done', operation, outcome } };
}

function inProgress(operation: Operation, { now }: Moment): Begun {
  const retryAfterMs = Math.min(operation.leaseUntil - now, LONGEST_WAIT_MS);
  return { next: operation, result: { kind: 'in-progress', operation, retryAfterMs } };
}

/** A new operation: claimed, or waiting for a yes. */
function anew(claim: Claim, at: Moment): Begun {
  const operation = newOperation(claim, at);
  if (claim.approval === null) return firstClaim(operation, claim, at);
  const { by, scope, summary, expiresMs } = claim.approval;
  const approval: Approval = { by, scope, summary, expiresMs, expiresAt: at.now + expiresMs, decidedBy: null };
  const waiting: Operation = { ...operation, state: 'pending-approval', fence: 0, leaseUntil: 0, approval };
  return { next: waiting, result: { kind: 'approval-required', operation: waiting } };
}

function agreed(operation: Operation, claim: Claim, { now }: Moment): Operation {
  const { approval } = operation;
  if (approval === null) return operation;
  return { ...operation, approval: { ...approval, decidedBy: claim.subject, expiresAt: now + approval.expiresMs } };
}

/** Whatever is taken over, or has a part of its effect, was charged before. */
function firstClaim(operation: Operation, claim: Claim, at: Moment): Begun {
  return operation.charges.length > 0 ? claimed(takenOver(operation, claim, at)) : charged(operation, claim, at);
}

/** Only here caps are charged: where it was not yet, so that a try in another hour counts in that. */
function charged(operation: Operation, claim: Claim, at: Moment): Begun {
  const charges = chargesAt(claim.caps, at.now);
  const charge = charges.filter(({ counter }) => !operation.charges.includes(counter));
  const counters = charge.map(({ counter }) => counter);
  const next: Operation = { ...takenOver(operation, claim, at), charges: [...operation.charges, ...counters] };
  return {
    ...claimed(next),
    charge,
    whenFull: (full) => {
      const cap = claim.caps[charges.findIndex(({ counter }) => counter === full.counter)];
      if (cap === undefined) throw new Error(`${full.counter} is no cap of this claim`);
      return { kind: 'cap-exceeded', operation, cap, endsInMs: endsIn(cap, at.now) };
    },
  };
}

function claimed(operation: Operation): Begun {
  return { next: operation, result: { kind: 'claimed', operation } };
}

function newOperation(claim: Claim, at: Moment): Operation {
  const { id, key, fingerprint, tool, subject, tenant, asked } = claim;
  const identity = { id, key, fingerprint, tool, subject, tenant, asked, createdAt: at.now };
  const nothingYet = { inDoubt: false, firstSent: null, charges: [], approval: null, steps: {}, resolvedBy: null };
  return { ...identity, ...nothingYet, ...claimFields(claim, at) };
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
    step: null,
  } as const;
}
