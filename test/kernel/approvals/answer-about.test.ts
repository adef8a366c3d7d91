import { expect, test } from 'vitest';

import { answerAbout } from '../../../templates/kernel/pipeline/approval.ts';

const yes = { operationId: 'op_1', key: 'today', fingerprint: 'arguments', agreed: true };
const effect = { key: 'today', fingerprint: 'arguments', args: {} };

test('an answer is about the effect of its key and arguments', () => {
  expect(answerAbout(effect, yes)).toBe(yes);
  expect(answerAbout({ ...effect, fingerprint: 'others' }, yes)).toBeUndefined();
  expect(answerAbout({ ...effect, key: 'tomorrow' }, yes)).toBeUndefined();
  expect(answerAbout(effect, undefined)).toBeUndefined();
});

test('who is asked just before a window of time ends may answer just after', () => {
  expect(answerAbout({ ...effect, key: 'tomorrow', previousKey: 'today' }, yes)).toBe(yes);
  expect(answerAbout({ ...effect, key: 'next week', previousKey: 'tomorrow' }, yes)).toBeUndefined();
});
