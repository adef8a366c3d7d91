import { expect, test } from 'vitest';

import type { Execution } from '../../../templates/kernel/execution.ts';
import { failure, type Category, type Executed } from '../../../templates/kernel/failure.ts';
import { conclude } from '../../../templates/kernel/pipeline/conclude.ts';

const about = { operationId: 'op_1', output: undefined };

function refused(executed: Executed): Execution {
  const error = failure({ code: 'REFUSED', category: 'conflict', message: 'No.' }, { executed });
  return { kind: 'rejected', error, terminal: false };
}

test.each([
  ['no', 'released'],
  ['yes', 'done'],
  ['unknown', 'unknown'],
  ['pending', 'unknown'],
] as const)('a refusal with executed: %s leaves the operation %s', (executed, state) => {
  expect(conclude(refused(executed), about)).toMatchObject({
    state,
    answer: { ok: false, error: { operation_id: 'op_1' } },
  });
});

test('a refusal that is final stays, and what was never sent frees its key', () => {
  const error = failure({ code: 'REFUSED', category: 'conflict', message: 'No.' });
  expect(conclude({ kind: 'rejected', error, terminal: true }, about).state).toBe('done');
  expect(conclude({ kind: 'not-sent', error }, about).state).toBe('released');
});

test('what an upstream suggests is not overwritten', () => {
  const error = failure({ code: 'X', category: 'outcome_unknown', message: 'X' }, { suggestedAction: 'Wait.' });
  const { answer } = conclude({ kind: 'ambiguous', error }, about);
  expect(answer).toMatchObject({ error: { suggested_action: 'Wait.' } });
});

const named = (category: Category) => ({ code: 'X', category, message: 'X' });

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
