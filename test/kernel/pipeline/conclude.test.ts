import { expect, test } from 'vitest';

import type { Execution } from '../../../templates/kernel/execution.ts';
import { failure, type Category, type Executed } from '../../../templates/kernel/failure.ts';
import { conclude } from '../../../templates/kernel/pipeline/conclude.ts';
import { aboutOperation } from '../../../templates/kernel/pipeline/errors.ts';

function refused(executed: Executed): Execution<string> {
  const error = failure({ code: 'REFUSED', category: 'conflict', message: 'No.' }, { executed });
  return { kind: 'rejected', error, terminal: false };
}

const FIRST = { id: 'op_1', inDoubt: false };
const AGAIN = { id: 'op_1', inDoubt: true };

test.each([
  ['no', 'released'],
  ['yes', 'done'],
  ['unknown', 'unknown'],
  ['pending', 'unknown'],
] as const)('a refusal with executed: %s leaves the operation %s', (executed, state) => {
  expect(conclude(refused(executed), FIRST)).toMatchObject({ state, answer: { ok: false, error: { executed } } });
});

test('a refusal that is final stays, and what was never sent frees its key', () => {
  const error = failure({ code: 'REFUSED', category: 'conflict', message: 'No.' });
  expect(conclude({ kind: 'rejected', error, terminal: true }, FIRST).state).toBe('done');
  expect(conclude({ kind: 'not-sent', error }, FIRST).state).toBe('released');
});

test('where an earlier attempt is in doubt, a refusal of this one says nothing of that, unless it is certain', () => {
  const error = failure({ code: 'REFUSED', category: 'conflict', message: 'No.' });
  const doubtful = { ok: false, error: { code: 'REFUSED', executed: 'unknown', retry: 'check_status_first' } };
  for (const terminal of [true, false]) {
    expect(conclude({ kind: 'rejected', error, terminal }, AGAIN)).toMatchObject({
      state: 'unknown',
      answer: doubtful,
    });
  }
  expect(conclude({ kind: 'not-sent', error }, AGAIN)).toMatchObject({ state: 'unknown', answer: doubtful });
  const certain = { kind: 'rejected', error, terminal: false, certain: true } as const;
  expect(conclude(certain, AGAIN)).toMatchObject({ state: 'released', certain: true, answer: { error } });
  expect(conclude({ ...certain, terminal: true }, AGAIN).state).toBe('done');
  expect(conclude(refused('yes'), AGAIN)).toMatchObject({ state: 'done', answer: { error: { executed: 'yes' } } });
  expect(conclude({ kind: 'succeeded', result: '1' }, AGAIN).state).toBe('done');
});

const named = (category: Category) => ({ code: 'X', category, message: 'X' });

test('what an upstream suggests is not overwritten; where it suggests nothing, the status is to be asked for', () => {
  const suggesting = failure(named('outcome_unknown'), { suggestedAction: 'Wait.' });
  expect(aboutOperation(suggesting, 'op_1')).toMatchObject({ suggested_action: 'Wait.', operation_id: 'op_1' });
  expect(aboutOperation(failure(named('outcome_unknown')), 'op_1').suggested_action).toContain('get_operation_status');
  expect(aboutOperation(failure(named('not_found')), 'op_1')).not.toHaveProperty('suggested_action');
});

const ORDER = [
  'code',
  'category',
  'message',
  'retryable',
  'retry',
  'executed',
  'retry_after_ms',
  'field',
  'violations',
  'suggested_action',
  'operation_id',
];

test('the members of an error always come in one order', () => {
  const everything = { retryAfterMs: 1, violations: [{ field: '/a', rule: 'type' }], suggestedAction: 'Wait.' };
  const full = failure(named('in_progress'), { ...everything, operationId: 'op_0' });
  expect(Object.keys(full)).toEqual(ORDER);
  expect(Object.keys(aboutOperation(full, 'op_1'))).toEqual(ORDER);
  const unknown = Object.keys(aboutOperation(failure(named('outcome_unknown')), 'op_1'));
  expect(unknown).toEqual(ORDER.filter((member) => unknown.includes(member)));
});

test.each<[Category, string, Executed]>([
  ['invalid_input', 'after_fix', 'no'],
  ['unauthenticated', 'after_auth', 'no'],
  ['permission_denied', 'never', 'no'],
  ['approval_required', 'after_approval', 'no'],
  ['rate_limited', 'same_call', 'no'],
  ['unavailable', 'same_call', 'no'],
  ['cancelled', 'same_call', 'no'],
  ['cap_exceeded', 'never', 'no'],
  ['idempotency_conflict', 'after_fix', 'no'],
  ['in_progress', 'same_call', 'pending'],
  ['outcome_unknown', 'check_status_first', 'unknown'],
  ['internal', 'never', 'no'],
])('%s is tried again: %s; executed: %s', (category, retry, executed) => {
  expect(failure(named(category))).toMatchObject({ retry, executed, retryable: retry === 'same_call' });
});

test('the same call is never offered where its effect happened or may have', () => {
  expect(failure(named('unavailable'), { executed: 'yes' })).toMatchObject({ retry: 'never', retryable: false });
  expect(failure(named('unavailable'), { executed: 'unknown' })).toMatchObject({
    retry: 'check_status_first',
    retryable: false,
  });
});
