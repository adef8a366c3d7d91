import { expect, test } from 'vitest';

import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import { begin, finishStep, startStep } from '../../../templates/kernel/idempotency/transitions.ts';
import { BEFORE, claimOf, inState, LEASE_END, momentAt } from './samples.ts';

const mine = { key: 'key-1', fence: 7 };
const others = [
  { ...mine, fence: 6 },
  { ...mine, fence: 8 },
  { ...mine, key: 'key-2' },
];
const start = (current: Operation | undefined, now = BEFORE, claimed = mine) =>
  startStep(current, { claimed, name: 'pay' }, now);
const finish = (current: Operation | undefined, between: boolean, { now = BEFORE, claimed = mine } = {}) =>
  finishStep(current, { claimed, step: { name: 'pay', result: { paid: 1 }, between } }, now);

test.each(['claimed', 'sent'] as const)(
  'a step begins on what is %s, which may have happened from then on',
  (state) => {
    const { next, result } = start(inState(state));
    expect(result).toBe(true);
    const firstSent = { at: BEFORE, digest: null };
    expect(next).toEqual({ ...inState(state), state: 'sent', step: 'pay', firstSent, updatedAt: BEFORE });
  },
);

test('the first sending is that of the first step', () => {
  const firstSent = { at: 500, digest: null };
  expect(start(inState('claimed', { firstSent })).next?.firstSent).toEqual(firstSent);
});

test('no step begins once the lease has ended, in another step, for another holder, or without a claim', () => {
  const current = inState('claimed');
  const refused = { next: current, result: false };
  expect(start(current, LEASE_END)).toEqual(refused);
  for (const claimed of others) expect(start(current, BEFORE, claimed)).toEqual(refused);
  expect(start(inState('sent', { step: 'reserve' })).result).toBe(false);
  expect(start(inState('sent', { step: 'pay' })).result).toBe(false);
  for (const state of ['done', 'unknown', 'released', 'approved'] as const) {
    expect(start(inState(state)).result).toBe(false);
  }
  expect(start(undefined)).toEqual({ next: undefined, result: false });
});

const paying = inState('sent', { step: 'pay', steps: { reserve: 1 } });

test('the result of a step is kept beside those before', () => {
  const { next, result } = finish(paying, false);
  expect(result).toBe(true);
  expect(next).toEqual({ ...paying, step: null, steps: { reserve: 1, pay: { paid: 1 } }, updatedAt: BEFORE });
});

test('between steps that do everything, nothing is under way, as long as the lease holds', () => {
  expect(finish(paying, true).next?.state).toBe('claimed');
  expect(finish(paying, true, { now: LEASE_END }).next?.state).toBe('sent');
  expect(finish(paying, false).next?.state).toBe('sent');
});

test('a step that ends after its operation became unknown is on record, and the operation stays unknown', () => {
  const { next, result } = finish({ ...paying, state: 'unknown' }, true);
  expect([result, next?.state, next?.steps]).toEqual([true, 'unknown', { reserve: 1, pay: { paid: 1 } }]);
});

test('only the step under way ends, and only for its holder', () => {
  const reserving: Operation = { ...paying, step: 'reserve' };
  expect(finish(reserving, true)).toEqual({ next: reserving, result: false });
  expect(finish({ ...paying, step: null }, true).result).toBe(false);
  for (const claimed of others) expect(finish(paying, true, { claimed })).toEqual({ next: paying, result: false });
  expect(finish(undefined, true)).toEqual({ next: undefined, result: false });
});

test('whoever takes over between two steps knows the first and is in none', () => {
  const { next } = finish(paying, true);
  const taken = begin(next, claimOf(), momentAt(LEASE_END));
  expect(taken.result.kind).toBe('claimed');
  expect(taken.next).toMatchObject({ fence: 8, step: null, steps: { reserve: 1, pay: { paid: 1 } } });
});

test('what stopped within a step is unknown', () => {
  expect(begin(paying, claimOf(), momentAt(LEASE_END)).result.kind).toBe('unknown');
});
