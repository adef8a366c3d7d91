import { expect, test } from 'vitest';

import type { Operation, OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import { reclaim, resolve, settle } from '../../../templates/kernel/idempotency/transitions.ts';
import { BEFORE, inState, LEASE_END, momentAt, succeeded } from './samples.ts';

const mine = { key: 'key-1', fence: 7 };
const others = [
  { ...mine, fence: 6 },
  { ...mine, fence: 8 },
  { ...mine, key: 'key-2' },
];
const firstSent = { at: 500, digest: 'request-1' };
/** Unknown since 200. */
const unknown = inState('unknown', { inDoubt: true, firstSent, charges: ['run'], step: 'pay' });
const notUnknown: readonly OperationState[] = [
  ...(['pending-approval', 'approved', 'denied', 'claimed', 'sent', 'done', 'released'] as const),
];

const free = { state: 'released', inDoubt: false, firstSent: null, charges: [], step: null } as const;

const lookUp = (current: Operation | undefined, lookedAt: number, { now = 5_000, claimed = mine } = {}) =>
  settle(current, { claimed, lookUp: { settleMs: 300, lookedAt } }, now);

test('a look-up that began late enough and found nothing frees the key', () => {
  const { next, result, refund } = lookUp(unknown, 500);
  expect([result, refund]).toEqual([true, ['run']]);
  expect(next).toEqual({ ...unknown, ...free, updatedAt: 5_000 });
  expect(lookUp(unknown, 499)).toEqual({ next: unknown, result: false });
});

test('what lapsed is unknown since its lease ended, for a look-up too', () => {
  const lapsed = inState('sent', { firstSent });
  expect(lookUp(lapsed, LEASE_END + 300).result).toBe(true);
  expect(lookUp(lapsed, LEASE_END + 299)).toEqual({ next: lapsed, result: false });
  expect(lookUp(lapsed, 5_000, { now: BEFORE })).toEqual({ next: lapsed, result: false });
});

test('a look-up says nothing about what was claimed anew meanwhile, nor about what is not unknown', () => {
  for (const claimed of others) expect(lookUp(unknown, 500, { claimed })).toEqual({ next: unknown, result: false });
  expect(lookUp(undefined, 500)).toEqual({ next: undefined, result: false });
  for (const state of notUnknown.filter((one) => one !== 'sent')) {
    expect(lookUp(inState(state), 500).result).toBe(false);
  }
});

const say = (current: Operation | undefined, outcome: Operation['outcome'], { id = unknown.id, now = BEFORE } = {}) =>
  resolve(current, { id, outcome, by: 'grace' }, now);

test('a person says that it was executed, and with what outcome', () => {
  const { next, result, refund } = say(unknown, succeeded);
  expect([result, refund]).toEqual(['resolved', undefined]);
  const done = { state: 'done', outcome: succeeded, step: null, resolvedBy: 'grace', updatedAt: BEFORE };
  expect(next).toEqual({ ...unknown, ...done });
});

test('a person says that it was not executed', () => {
  const { next, result, refund } = say(unknown, null);
  expect([result, refund]).toEqual(['resolved', ['run']]);
  expect(next).toEqual({ ...unknown, ...free, resolvedBy: 'grace', updatedAt: BEFORE });
});

test('only what is unknown can be resolved, and what lapsed is', () => {
  for (const state of notUnknown) {
    const current = inState(state);
    expect(say(current, succeeded)).toEqual({ next: current, result: 'not-unknown' });
  }
  expect(say(inState('sent'), succeeded, { now: LEASE_END })).toMatchObject({
    result: 'resolved',
    next: { state: 'done' },
  });
});

test('what is gone, or whose key another has, is not resolved', () => {
  expect(say(undefined, succeeded)).toEqual({ next: undefined, result: 'not-found' });
  expect(say(unknown, succeeded, { id: 'op_other' })).toEqual({ next: unknown, result: 'not-found' });
});

const again = (current: Operation | undefined, { now = 5_499, claimed = mine } = {}) =>
  reclaim(current, { claimed, leaseMs: 700, withinMs: 5_000 }, momentAt(now, { lastFence: 41 }));

test('what is unknown is claimed to be sent again, in doubt, while the upstream knows the key', () => {
  const { next, result } = again(unknown);
  expect(result).toBe(next);
  const taken = { state: 'claimed', fence: 42, leaseUntil: 6_199, updatedAt: 5_499, step: null, inDoubt: true };
  expect(next).toEqual({ ...unknown, ...taken });
  expect(again(unknown, { now: 5_500 })).toEqual({ next: unknown, result: undefined });
});

test('what was never sent, or was claimed anew meanwhile, or is not unknown, is not claimed again', () => {
  const neverSent: Operation = { ...unknown, firstSent: null };
  expect(again(neverSent)).toEqual({ next: neverSent, result: undefined });
  for (const claimed of others) expect(again(unknown, { claimed })).toEqual({ next: unknown, result: undefined });
  expect(again(undefined)).toEqual({ next: undefined, result: undefined });
  for (const state of notUnknown) {
    const current = inState(state, { firstSent });
    expect(again(current, { now: BEFORE })).toEqual({ next: current, result: undefined });
  }
  expect(again(inState('sent', { firstSent }), { now: LEASE_END }).next?.fence).toBe(42);
});
