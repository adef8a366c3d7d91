import { expect, test } from 'vitest';

import type { AfterUnknown, BeginResult } from '../../../templates/kernel/idempotency/claim.ts';
import type { Operation, OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import { begin } from '../../../templates/kernel/idempotency/transitions.ts';
import { BEFORE, callerAsked, claimOf, inState, LEASE_END, momentAt, operationOf, succeeded } from './samples.ts';

const quarantine: AfterUnknown = { kind: 'quarantine' };
const setAgain: AfterUnknown = { kind: 'set-again' };
const resend: AfterUnknown = { kind: 'resend', withinMs: 5_000 };
const sentOnce = { firstSent: { at: 500, digest: 'request-1' } };

interface Row {
  readonly current: Operation;
  readonly now: number;
  readonly afterUnknown: AfterUnknown;
  readonly answer: BeginResult['kind'];
  readonly to: OperationState;
}

// What follows for the same arguments, whatever is done about an unknown outcome.
const always: readonly (readonly [OperationState, now: number, answer: BeginResult['kind'], to: OperationState])[] = [
  ['claimed', BEFORE, 'in-progress', 'claimed'],
  ['claimed', LEASE_END, 'claimed', 'claimed'],
  ['sent', BEFORE, 'in-progress', 'sent'],
  ['released', BEFORE, 'claimed', 'claimed'],
  ['released', LEASE_END, 'claimed', 'claimed'],
];

const rows: readonly Row[] = [
  ...[quarantine, setAgain, resend].flatMap((afterUnknown) =>
    always.map(([state, now, answer, to]) => ({ current: inState(state), now, afterUnknown, answer, to })),
  ),
  ...[quarantine, resend].flatMap((afterUnknown): Row[] => [
    { current: inState('done'), now: BEFORE, afterUnknown, answer: 'done', to: 'done' },
    { current: inState('done'), now: LEASE_END, afterUnknown, answer: 'done', to: 'done' },
    { current: inState('unknown'), now: BEFORE, afterUnknown, answer: 'unknown', to: 'unknown' },
    { current: inState('sent'), now: LEASE_END, afterUnknown, answer: 'unknown', to: 'unknown' },
    { current: inState('claimed', { inDoubt: true }), now: LEASE_END, afterUnknown, answer: 'unknown', to: 'unknown' },
    { current: inState('claimed', { inDoubt: true }), now: BEFORE, afterUnknown, answer: 'in-progress', to: 'claimed' },
  ]),
  ...(['sent', 'unknown', 'done'] as const).map((state): Row => ({
    current: inState(state),
    now: LEASE_END,
    afterUnknown: setAgain,
    answer: 'claimed',
    to: 'claimed',
  })),
  { current: inState('unknown', sentOnce), now: 5_499, afterUnknown: resend, answer: 'claimed', to: 'claimed' },
  { current: inState('unknown', sentOnce), now: 5_500, afterUnknown: resend, answer: 'unknown', to: 'unknown' },
  { current: inState('sent', sentOnce), now: LEASE_END, afterUnknown: resend, answer: 'claimed', to: 'claimed' },
];

test.each(rows)(
  'a claim at $now on $current.state (then $afterUnknown.kind, in doubt: $current.inDoubt) answers $answer',
  ({ current, now, afterUnknown, answer, to }) => {
    const { next, result } = begin(current, claimOf({ afterUnknown }), momentAt(now));
    expect([result.kind, next?.state]).toEqual([answer, to]);
    const taken = { fence: 8, leaseUntil: now + 60_000, updatedAt: now, outcome: null, step: null };
    const { fence, leaseUntil } = current;
    expect(next).toMatchObject(answer === 'claimed' ? taken : { fence, leaseUntil });
    expect(result.operation).toBe(next);
  },
);

test.each(['claimed', 'sent', 'done', 'unknown'] as const)(
  'other arguments under a key that is %s are a conflict, and change nothing',
  (state) => {
    for (const now of [BEFORE, LEASE_END]) {
      for (const afterUnknown of [quarantine, setAgain, resend]) {
        const current = inState(state, sentOnce);
        const step = begin(current, claimOf({ fingerprint: 'arguments-2', afterUnknown }), momentAt(now));
        expect(step).toEqual({ next: current, result: { kind: 'conflict', operation: current } });
        expect(step.next).toBe(current);
      }
    }
  },
);

test('a released key is free for other arguments, unless a step was finished under it', () => {
  const claim = claimOf({ fingerprint: 'arguments-2' });
  const free = begin(inState('released'), claim, momentAt(BEFORE));
  expect(free.next).toMatchObject({ id: claim.id, fingerprint: 'arguments-2', state: 'claimed', createdAt: BEFORE });
  const current = inState('released', { steps: { reserve: 1 } });
  expect(begin(current, claim, momentAt(BEFORE)).result.kind).toBe('conflict');
});

test('the first claim of a key gets a fence above every fence given before', () => {
  const claim = claimOf({ asked: { arguments: { invoice_id: 'inv_2' }, complete: false } });
  const { next, result } = begin(undefined, claim, momentAt(50, { lastFence: 41 }));
  expect(result).toEqual({ kind: 'claimed', operation: next });
  const moments = { leaseUntil: 60_050, createdAt: 50, updatedAt: 50 };
  expect(next).toEqual({ ...operationOf(), id: claim.id, asked: claim.asked, state: 'claimed', fence: 42, ...moments });
});

test('what is taken over or tried again keeps its id, its age and its finished steps', () => {
  const kept = { id: 'op_000000000000000000000000', createdAt: 100, steps: { reserve: 1 } };
  for (const current of [inState('claimed', kept), inState('released', kept)]) {
    expect(begin(current, claimOf(), momentAt(LEASE_END)).next).toMatchObject(kept);
  }
});

test('what is set again is a new operation, and what is sent again the same, in doubt', () => {
  const claim = claimOf({ afterUnknown: setAgain });
  expect(begin(inState('done'), claim, momentAt(BEFORE)).next?.id).toBe(claim.id);
  const { next } = begin(inState('unknown', sentOnce), claimOf({ afterUnknown: resend }), momentAt(LEASE_END));
  expect(next).toMatchObject({ id: inState('unknown').id, inDoubt: true, ...sentOnce });
});

test('a call under way says when to come back, never later than its lease or two seconds', () => {
  const wait = (leaseUntil: number) => begin(operationOf({ leaseUntil }), claimOf(), momentAt(100)).result;
  expect(wait(400)).toMatchObject({ kind: 'in-progress', retryAfterMs: 300 });
  expect(wait(60_000)).toMatchObject({ kind: 'in-progress', retryAfterMs: 2_000 });
});

test('after the retention the key is free, also for other arguments', () => {
  const claim = claimOf({ fingerprint: 'arguments-2' });
  const steps = { reserve: 1 };
  for (const current of [inState('done', { steps }), inState('released')]) {
    const { next } = begin(current, claim, momentAt(10_200));
    expect(next).toMatchObject({ id: claim.id, state: 'claimed', fence: 8, steps: {} });
  }
  expect(begin(inState('done'), claim, momentAt(10_199)).result.kind).toBe('conflict');
  expect(begin(inState('unknown'), claim, momentAt(1e12)).result.kind).toBe('conflict');
  expect(begin(inState('released', { steps }), claim, momentAt(1e12)).result.kind).toBe('conflict');
});

test('a finished operation whose outcome is missing reads as unknown', () => {
  const current = { ...inState('done'), outcome: null };
  expect(begin(current, claimOf(), momentAt(BEFORE)).result.kind).toBe('unknown');
  expect(begin(inState('done'), claimOf(), momentAt(BEFORE)).result).toMatchObject({ outcome: succeeded });
});

const held = { held: true };

test('while the store is held, nothing irreversible begins', () => {
  for (const current of [undefined, inState('released')]) {
    const step = begin(current, claimOf({ irreversible: true }), momentAt(BEFORE, held));
    expect(step.result.kind).toBe('held');
    expect(step.next).toBe(current);
    expect(step.charge).toBeUndefined();
    expect(begin(current, claimOf({ irreversible: false }), momentAt(BEFORE, held)).result.kind).toBe('claimed');
    expect(begin(current, claimOf({ irreversible: true }), momentAt(BEFORE)).result.kind).toBe('claimed');
  }
});

test('while the store is held, nothing irreversible is taken over: in a backup, what was done since looks like a lapsed claim', () => {
  const irreversible = { irreversible: true };
  expect(begin(inState('claimed'), claimOf(irreversible), momentAt(LEASE_END, held)).result.kind).toBe('held');
  expect(begin(inState('claimed'), claimOf(), momentAt(LEASE_END, held)).result.kind).toBe('claimed');
  expect(begin(inState('claimed'), claimOf(irreversible), momentAt(BEFORE, held)).result.kind).toBe('in-progress');
  expect(begin(inState('done'), claimOf(irreversible), momentAt(BEFORE, held)).result.kind).toBe('done');
});

test.each([
  ['stands', LEASE_END, 'claimed'],
  ['is over', LEASE_END + 1, 'unknown'],
])('a value in doubt is set again while the yes to it %s', (_, now, answer) => {
  const agreed = { ...callerAsked, decidedBy: 'ada', expiresAt: LEASE_END + 1 };
  const { by, scope, summary, expiresMs } = agreed;
  const approval = { by, scope, summary, expiresMs, consent: null };
  const current = inState('unknown', { approval: agreed });
  const { next, result } = begin(current, claimOf({ approval, afterUnknown: setAgain }), momentAt(now));
  expect(result.kind).toBe(answer);
  expect(next).toMatchObject(answer === 'claimed' ? { id: current.id, inDoubt: true } : current);
});

test('whoever says no has nothing executed, whatever yes stands', () => {
  const agreed = { ...callerAsked, decidedBy: 'ada', expiresAt: LEASE_END + 1 };
  const { by, scope, summary, expiresMs } = agreed;
  const approval = { by, scope, summary, expiresMs, consent: null, declined: true } as const;
  for (const state of ['released', 'approved', 'claimed'] as const) {
    const current = inState(state, { approval: agreed });
    const { next, result } = begin(current, claimOf({ approval }), momentAt(LEASE_END));
    expect([result.kind, next]).toEqual(['denied', current]);
  }
  const done = inState('done', { approval: agreed });
  expect(begin(done, claimOf({ approval }), momentAt(LEASE_END)).result.kind).toBe('done');
});
