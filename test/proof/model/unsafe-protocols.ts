/** Variants of the protocol with one fault each. */
import type { Claimed } from '../../../templates/kernel/idempotency/claim.ts';
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import { unchanged, type Current } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import { implemented, type Protocol } from './protocol.ts';

/** Sends without a SENT on record: a claim alone says nothing about an effect. */
export const withoutSent: Protocol = {
  ...implemented,
  markSent: (current, asked, now) => unchanged(current, implemented.markSent(current, asked, now).result),
  startStep: (current, asked, now) => {
    const { next, result } = implemented.startStep(current, asked, now);
    return { next: next && result ? { ...next, state: 'claimed' } : next, result };
  },
};

/** Plain lease take-over: whoever let the lease run out is taken for dead, and for never having sent anything. */
export const takingOverSent: Protocol = {
  ...implemented,
  begin: (current, claim, at) =>
    implemented.begin(current && whenLapsed(current, at.now, { state: 'claimed', inDoubt: false }), claim, at),
};

/** Takes what was claimed to be sent again for what was never sent, as soon as its lease is over. */
export const takingOverDoubt: Protocol = {
  ...implemented,
  begin: (current, claim, at) =>
    implemented.begin(
      current?.state === 'claimed' ? whenLapsed(current, at.now, { inDoubt: false, firstSent: null }) : current,
      claim,
      at,
    ),
};

function whenLapsed(operation: Operation, now: number, as: Partial<Operation>): Operation {
  const isUnderWay = operation.state === 'sent' || operation.state === 'claimed';
  return isUnderWay && operation.leaseUntil <= now ? { ...operation, ...as } : operation;
}

/** Sends again after an unknown outcome, whatever the tool declares. */
export const sendingAgain: Protocol = {
  ...implemented,
  begin: (current, claim, at) => implemented.begin(current, { ...claim, afterUnknown: { kind: 'set-again' } }, at),
};

/** Takes an error for proof that nothing happened, and forgets the call. */
export const deletingOnError: Protocol = {
  ...implemented,
  recordUnknown(current, claim, now) {
    const step = implemented.recordUnknown(current, claim, now);
    return step.next === current ? step : { ...step, next: undefined };
  },
};

/** Takes a second attempt that was not executed for proof that the first was not either. */
export const releasingDoubt: Protocol = {
  ...implemented,
  release: (current, { claimed }, now) => implemented.release(current, { claimed, certain: true }, now),
};

/** Lets whoever holds any fence go on, as if it were the current one. */
export const ignoringFences: Protocol = {
  ...implemented,
  markSent: (current, asked, now) =>
    implemented.markSent(current, { ...asked, claimed: withCurrentFence(current, asked.claimed) }, now),
};

/** Keeps the last answer, whoever gives it. */
export const overwriting: Protocol = {
  ...implemented,
  recordOutcome: (current, { claimed, outcome }, now) =>
    implemented.recordOutcome(
      current && { ...current, state: 'sent' },
      { claimed: withCurrentFence(current, claimed), outcome },
      now,
    ),
};

/** Believes look-ups that began before the last attempt. */
export const believingOldLookUps: Protocol = {
  ...implemented,
  settle: (current, { claimed, lookUp }, now) =>
    implemented.settle(
      current,
      { claimed: withCurrentFence(current, claimed), lookUp: { ...lookUp, settleMs: -now } },
      now,
    ),
};

/** Believes lists that were read before the lease ran out. */
export const believingOldLists: Protocol = {
  ...implemented,
  lapse: (current, { claimed, as }, now) => {
    const { next } =
      as === 'released'
        ? implemented.release(current, { claimed, certain: false }, now)
        : implemented.recordUnknown(current, claimed, now);
    return { next, result: next !== current };
  },
};

function withCurrentFence(current: Current, { key, fence }: Claimed): Claimed {
  return { key, fence: current?.fence ?? fence };
}

/** Sends again under a key whatever the request is by now. */
export const sendingAnotherRequest: Protocol = {
  ...implemented,
  markSent: (current, { claimed, digest }, now) =>
    implemented.markSent(current, { claimed, digest: current?.firstSent?.digest ?? digest }, now),
};

/** Knows of no step but the one under way. */
export const forgettingSteps: Protocol = {
  ...implemented,
  finishStep: (current, asked, now) => {
    const { next, result } = implemented.finishStep(current, asked, now);
    return { next: next && { ...next, steps: {} }, result };
  },
};
