/** What the model checks: the transitions that every store applies, and variants of them that are known to be unsafe. */
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import * as transitions from '../../../templates/kernel/idempotency/transitions.ts';

export type Protocol = Pick<
  typeof transitions,
  'begin' | 'markSent' | 'recordOutcome' | 'release' | 'recordUnknown' | 'asOf'
>;

/** The protocol as it runs in every generated server. */
export const implemented: Protocol = transitions;

/** Sends without a SENT on record: a claim alone says nothing about an effect. */
export const withoutSent: Protocol = {
  ...implemented,
  markSent: (current, claim, now) => ({ next: current, result: implemented.markSent(current, claim, now).result }),
};

/** Plain lease take-over: whoever let the lease run out is taken for dead, and for never having sent anything. */
export const takingOverSent: Protocol = {
  ...implemented,
  begin: (current, claim, at) => implemented.begin(current && asNeverSent(current, at.now), claim, at),
};

function asNeverSent(operation: Operation, now: number): Operation {
  const lapsed = operation.state === 'sent' && operation.leaseUntil <= now;
  return lapsed ? { ...operation, state: 'claimed' } : operation;
}

/** Takes an error for proof that nothing happened, and forgets the call. */
export const deletingOnError: Protocol = {
  ...implemented,
  recordUnknown(current, claim, now) {
    const step = implemented.recordUnknown(current, claim, now);
    return step.next === current ? step : { ...step, next: undefined };
  },
};

/** Sends again after an unknown outcome, whatever the tool declares. */
export const sendingAgain: Protocol = {
  ...implemented,
  begin: (current, claim, at) => implemented.begin(current, { ...claim, sendAgain: true }, at),
};

/** Lets whoever holds any fence go on, as if it were the current one. */
export const ignoringFences: Protocol = {
  ...implemented,
  markSent: (current, claim, now) => implemented.markSent(current, { ...claim, ...fenceOf(current) }, now),
};

function fenceOf(operation: Operation | undefined): Partial<Pick<Operation, 'fence'>> {
  return operation === undefined ? {} : { fence: operation.fence };
}
