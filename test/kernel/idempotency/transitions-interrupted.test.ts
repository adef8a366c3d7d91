import { expect, test } from 'vitest';

import type { OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import { isInterrupted, resolve } from '../../../templates/kernel/idempotency/transitions.ts';
import { BEFORE, inState, LEASE_END, succeeded } from './samples.ts';

const steps = { reserve: 1 };

test.each<[OperationState, before: boolean, after: boolean]>([
  ['released', true, true],
  ['claimed', false, true],
  ['sent', false, false],
  ['unknown', false, false],
  ['done', false, false],
])(
  'what happened in part and is %s: nobody is at work on it before its lease ends: %s, from then on: %s',
  (state, before, after) => {
    const operation = inState(state, { steps });
    expect([BEFORE, LEASE_END].map((now) => isInterrupted(operation, now))).toEqual([before, after]);
    expect(isInterrupted(inState(state), LEASE_END)).toBe(false);
  },
);

test('what is done is done, steps or not: nobody says anything else of it', () => {
  const current = inState('done', { steps });
  const said = { id: current.id, outcome: { ok: true, result: '"other"' }, by: 'grace' } as const;
  expect(resolve(current, said, LEASE_END)).toEqual({ next: current, result: 'not-unknown' });
  expect(resolve(inState('claimed', { steps }), { ...said, outcome: succeeded }, LEASE_END).result).toBe('resolved');
});
