import { expect, test } from 'vitest';

import type { OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import { lapse } from '../../../templates/kernel/idempotency/transitions.ts';
import type { Current } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import { BEFORE, inState, LEASE_END } from './samples.ts';

const mine = { key: 'key-1', fence: 7 };
const free = (current: Current, now = LEASE_END, claimed = mine) => lapse(current, { claimed, as: 'released' }, now);
const doubt = (current: Current, now = LEASE_END, claimed = mine) => lapse(current, { claimed, as: 'unknown' }, now);

const claimed = inState('claimed', { charges: ['run'] });
const sent = inState('sent', { charges: ['run'] });
const inDoubt = inState('claimed', { inDoubt: true, charges: ['run'] });

test('what was never sent is released when its lease is over, and what it was charged given back', () => {
  const { next, result, refund } = free(claimed);
  expect([result, refund]).toEqual([true, ['run']]);
  expect(next).toMatchObject({ state: 'released', fence: 7, charges: [], updatedAt: LEASE_END });
});

test.each([
  ['sent', sent],
  ['in doubt', inDoubt],
] as const)('what is %s becomes unknown when its lease is over, and keeps its charge', (_, current) => {
  const { next, result, refund } = doubt(current, LEASE_END + 5);
  expect([result, refund]).toEqual([true, undefined]);
  expect(next).toEqual({ ...current, state: 'unknown', updatedAt: LEASE_END + 5 });
});

test('what was sent after it was listed is not released, and what was given back is not unknown', () => {
  for (const current of [sent, inDoubt]) expect(free(current)).toEqual({ next: current, result: false });
  expect(doubt(claimed)).toEqual({ next: claimed, result: false });
});

test('while the lease holds, nothing lapses', () => {
  expect(free(claimed, BEFORE)).toEqual({ next: claimed, result: false });
  for (const current of [sent, inDoubt]) expect(doubt(current, BEFORE)).toEqual({ next: current, result: false });
});

test('what has finished steps waits for its caller', () => {
  const current = inState('claimed', { steps: { reserve: 1 } });
  expect(free(current)).toEqual({ next: current, result: false });
});

test('what another holds by now, or nobody, does not lapse', () => {
  for (const other of [
    { ...mine, fence: 6 },
    { ...mine, fence: 8 },
    { ...mine, key: 'key-2' },
  ]) {
    expect(free(claimed, LEASE_END, other).next).toBe(claimed);
    expect(doubt(sent, LEASE_END, other).next).toBe(sent);
  }
  expect(free(undefined)).toEqual({ next: undefined, result: false });
  const states: readonly OperationState[] = ['pending-approval', 'approved', 'denied', 'done', 'unknown', 'released'];
  for (const state of states) {
    const current = inState(state);
    expect(free(current).next).toBe(current);
    expect(doubt(current).next).toBe(current);
  }
});
