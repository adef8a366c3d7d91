import { expect, test } from 'vitest';

import type { Operation, OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import { begin, decide } from '../../../templates/kernel/idempotency/transitions.ts';
import { approverAsked, BEFORE, callerAsked, claimOf, inState, momentAt } from './samples.ts';

const byApprover = {
  by: 'approver',
  scope: 'refunds:approve',
  summary: 'Refund',
  expiresMs: 900,
  consent: null,
} as const;
const byCaller = { ...byApprover, by: 'caller', scope: null } as const;

/** Asked at 100, so that it is over at 1000. */
const asked = inState('pending-approval', { fence: 0, leaseUntil: 0, approval: approverAsked });
const askedCaller: Operation = { ...asked, approval: callerAsked };
const LAST = 999;
const OVER = 1_000;

test('what needs a yes is asked for, and not claimed', () => {
  const claim = claimOf({ approval: byApprover });
  const { next, result } = begin(undefined, claim, momentAt(100));
  expect(result).toEqual({ kind: 'approval-required', operation: next });
  expect(next).toMatchObject({ id: claim.id, state: 'pending-approval', fence: 0, leaseUntil: 0, charges: [] });
  expect(next?.approval).toEqual(approverAsked);
});

test.each([
  ['pending-approval', 'approval-required'],
  ['denied', 'denied'],
] as const)('what is %s stays so while question and answer stand', (state, kind) => {
  const current: Operation = { ...asked, state };
  const step = begin(current, claimOf({ approval: byApprover }), momentAt(LAST));
  expect(step.result).toEqual({ kind, operation: current });
  expect(step.next).toBe(current);
});

test.each(['pending-approval', 'approved', 'denied'] as const)(
  'what is %s is asked anew when its time is over',
  (state) => {
    const claim = claimOf({ approval: byApprover });
    const { next, result } = begin({ ...asked, state }, claim, momentAt(OVER));
    expect(result.kind).toBe('approval-required');
    expect(next).toMatchObject({ id: claim.id, approval: { expiresAt: OVER + 900, decidedBy: null } });
  },
);

test('a question of which nothing is left is asked anew', () => {
  const claim = claimOf({ approval: byApprover });
  expect(begin({ ...asked, approval: null }, claim, momentAt(100)).next?.id).toBe(claim.id);
});

test('a yes is good for the claim', () => {
  const current: Operation = { ...asked, state: 'approved' };
  const { next, result } = begin(current, claimOf({ approval: byApprover }), momentAt(LAST));
  expect(result.kind).toBe('claimed');
  expect(next).toMatchObject({ id: asked.id, state: 'claimed', fence: 8, leaseUntil: LAST + 60_000 });
});

test.each(['pending-approval', 'approved', 'denied'] as const)(
  'other arguments ask a question of their own, whether the first is %s',
  (state) => {
    const claim = claimOf({ approval: byApprover, fingerprint: 'arguments-2' });
    const { next, result } = begin({ ...asked, state }, claim, momentAt(LAST));
    expect(result.kind).toBe('approval-required');
    expect(next).toMatchObject({ id: claim.id, fingerprint: 'arguments-2', state: 'pending-approval' });
  },
);

test('the consent of the caller is good for the operation that they were asked about, and no other', () => {
  const consenting = (consent: string | null) => claimOf({ approval: { ...byCaller, consent } });
  const agreed = begin(askedCaller, consenting(askedCaller.id), momentAt(LAST));
  expect(agreed.result.kind).toBe('claimed');
  expect(agreed.next?.approval).toMatchObject({ decidedBy: 'ada', expiresAt: LAST + 900 });
  for (const consent of [null, 'op_other']) {
    expect(begin(askedCaller, consenting(consent), momentAt(LAST)).result.kind).toBe('approval-required');
  }
});

test('the consent of the caller is no approver’s yes', () => {
  const claim = claimOf({ approval: { ...byApprover, consent: asked.id } });
  expect(begin(asked, claim, momentAt(LAST)).result.kind).toBe('approval-required');
});

test('what provably had no effect may be tried again while the yes stands', () => {
  const yes = { ...approverAsked, decidedBy: 'grace' };
  const released = inState('released', { approval: yes });
  const claim = claimOf({ approval: byApprover });
  expect(begin(released, claim, momentAt(LAST))).toMatchObject({
    result: { kind: 'claimed' },
    next: { id: released.id },
  });
  expect(begin(released, claim, momentAt(OVER)).result.kind).toBe('approval-required');
  const unanswered = inState('released', { approval: approverAsked });
  expect(begin(unanswered, claim, momentAt(LAST)).result.kind).toBe('approval-required');
  expect(begin(inState('released'), claim, momentAt(LAST)).result.kind).toBe('approval-required');
  expect(begin(unanswered, claimOf(), momentAt(OVER)).result.kind).toBe('claimed');
});

test('what was claimed, never sent and left alone is asked anew once the yes is over, and what it was charged given back', () => {
  const lapsed = inState('claimed', { approval: { ...approverAsked, decidedBy: 'grace' }, charges: ['run'] });
  const claim = claimOf({ approval: byApprover });
  const { next, result, refund } = begin(lapsed, claim, momentAt(OVER));
  expect([result.kind, refund]).toEqual(['approval-required', ['run']]);
  expect(next).toMatchObject({ id: claim.id, fence: 0, charges: [], approval: { decidedBy: null } });
  const stands = { ...lapsed, approval: { ...approverAsked, decidedBy: 'grace', expiresAt: OVER + 1 } };
  const taken = begin(stands, claim, momentAt(OVER));
  expect(taken).toMatchObject({ result: { kind: 'claimed' }, next: { id: lapsed.id, charges: ['run'] } });
  expect(taken.refund).toBeUndefined();
});

test('what had a part of its effect may have the rest, although the yes is over', () => {
  for (const state of ['released', 'claimed'] as const) {
    const current = inState(state, { approval: { ...approverAsked, decidedBy: 'grace' }, steps: { reserve: 1 } });
    const { next, result } = begin(current, claimOf({ approval: byApprover }), momentAt(OVER));
    expect(result.kind).toBe('claimed');
    expect(next).toMatchObject({ id: current.id, steps: { reserve: 1 } });
  }
});

const grace = { id: asked.id, approve: true, by: 'grace' };

test.each([
  [true, 'approved'],
  [false, 'denied'],
] as const)('an approver decides, and the answer stands as long as the question did (yes: %s)', (approve, state) => {
  const { next, result } = decide(asked, { ...grace, approve }, momentAt(LAST));
  expect(result).toBe('decided');
  expect(next).toEqual({
    ...asked,
    state,
    updatedAt: LAST,
    approval: { ...approverAsked, decidedBy: 'grace', expiresAt: LAST + 900 },
  });
});

test('nobody decides about what they asked for themselves', () => {
  for (const approve of [true, false]) {
    expect(decide(asked, { ...grace, approve, by: 'ada' }, momentAt(LAST))).toEqual({ next: asked, result: 'own' });
  }
});

test('the caller is asked in the client: they may say no here, and nobody else anything', () => {
  const answer = (approve: boolean, by: string) => decide(askedCaller, { id: asked.id, approve, by }, momentAt(LAST));
  expect(answer(true, 'ada').result).toBe('by-caller');
  expect(answer(true, 'grace').result).toBe('by-caller');
  expect(answer(false, 'grace').result).toBe('by-caller');
  expect(answer(false, 'ada')).toMatchObject({ result: 'decided', next: { state: 'denied' } });
});

test.each(['approved', 'denied', 'claimed', 'sent', 'done', 'unknown', 'released'] as const)(
  'what is %s waits for no decision',
  (state: OperationState) => {
    const current: Operation = { ...asked, state };
    const step = decide(current, grace, momentAt(BEFORE));
    expect(step.result).toBe('not-pending');
    expect(step.next).toBe(current);
  },
);

test('a question whose time is over, or of which nothing is left, waits for no decision', () => {
  expect(decide(asked, grace, momentAt(OVER))).toEqual({ next: asked, result: 'not-pending' });
  expect(decide({ ...asked, approval: null }, grace, momentAt(LAST)).result).toBe('not-pending');
});

test('a decision about an operation that is gone, or whose key another has, finds nothing', () => {
  expect(decide(undefined, grace, momentAt(LAST))).toEqual({ next: undefined, result: 'not-found' });
  expect(decide(asked, { ...grace, id: 'op_other' }, momentAt(LAST))).toEqual({ next: asked, result: 'not-found' });
});
