import { expect, test } from 'vitest';

import type { Execution } from '../../../templates/kernel/execution.ts';
import { failure, type Executed } from '../../../templates/kernel/failure.ts';
import { combine, isWordOnKey, repetitionOf, settlesDoubt } from '../../../templates/kernel/upstream/doubt.ts';
import { KEYED, SET_AGAIN } from './declared.ts';

const errorWith = (executed: Executed) => failure({ code: 'X', category: 'internal', message: 'x' }, { executed });

const SUCCEEDED: Execution = { kind: 'succeeded', result: 1 };
const NOT_SENT: Execution = { kind: 'not-sent', error: errorWith('no') };
const AMBIGUOUS: Execution = { kind: 'ambiguous', error: errorWith('unknown') };
const REJECTED: Execution = { kind: 'rejected', terminal: false, error: errorWith('no') };
const FINAL: Execution = { kind: 'rejected', terminal: true, error: errorWith('no') };
const CERTAIN: Execution = { kind: 'rejected', terminal: false, certain: true, error: errorWith('no') };
const EXECUTED: Execution = { kind: 'rejected', terminal: true, error: errorWith('yes') };
const AMBIGUOUS_AGAIN: Execution = { kind: 'ambiguous', error: errorWith('unknown') };

for (const [title, later, settles] of [
  ['a success', SUCCEEDED, true],
  ['an error of an effect that happened', EXECUTED, true],
  ['a refusal that is certain', CERTAIN, true],
  ['a refusal that speaks of its own attempt', REJECTED, false],
  ['a final refusal that speaks of its own attempt', FINAL, false],
  ['an attempt that sent nothing', NOT_SENT, false],
  ['another attempt in doubt', AMBIGUOUS_AGAIN, false],
] as const) {
  test(`${title} ${settles ? 'settles' : 'does not settle'} what an earlier attempt did`, () => {
    expect(combine(AMBIGUOUS, later)).toBe(settles ? later : AMBIGUOUS);
    expect(settlesDoubt(later)).toBe(settles);
  });

  test(`${title} counts where nothing was in doubt before`, () => {
    for (const earlier of [undefined, NOT_SENT, REJECTED, CERTAIN]) expect(combine(earlier, later)).toBe(later);
  });
}

test('what a second request does follows from the policy', () => {
  const repetition = (mutability: 'read-only' | 'irreversible', idempotency?: typeof KEYED) =>
    repetitionOf({ mutability, ...(idempotency === undefined ? {} : { idempotency }) });
  const recoverBy = (recovery: 'quarantine' | 'look-up' | 'resume') =>
    repetition('irreversible', { strategy: 'caller-key', recovery });
  expect(repetition('read-only')).toBe('read');
  expect(repetition('irreversible', SET_AGAIN)).toBe('set-again');
  expect(repetition('irreversible', KEYED)).toBe('keyed');
  expect([recoverBy('quarantine'), recoverBy('look-up'), recoverBy('resume')]).toEqual(['twice', 'twice', 'twice']);
  expect(repetition('irreversible')).toBe('twice');
});

test('a refusal is the word of the upstream on a key unless it may not have looked at it, or is busy with it', () => {
  const all = Array.from({ length: 500 }, (_, index) => index + 100);
  const refusals = all.filter((status) => status >= 300 && isWordOnKey(status));
  expect(refusals).toContain(422);
  const silent = all.filter((status) => status >= 400 && status < 500 && !isWordOnKey(status));
  expect(silent).toEqual([401, 403, 407, 408, 409, 421, 423, 425, 429]);
  expect(all.filter((status) => status >= 500 && isWordOnKey(status))).toEqual([]);
  expect(all.filter((status) => status >= 300 && status < 400 && isWordOnKey(status))).toEqual([]);
  expect(isWordOnKey(200)).toBe(true);
});
