import { expect, test } from 'vitest';

import { describeError } from '../../../templates/kernel/pipeline/describe-error.ts';

const CANARY = 'hunter2';

test.each([
  `postgres://app:${CANARY}@db/billing`,
  `postgres://app:half/${CANARY}@db/billing`,
  `postgres://app@tenant:${CANARY}@db/billing`,
  `redis://:${CANARY}@cache:6379`,
  `https://${CANARY}@git.example/things.git`,
  `a token, eyJhbGciOiJFUzI1NiJ9.${CANARY}.${CANARY}, that expired`,
  `Authorization: Bearer ${CANARY}`,
  `{"password":"${CANARY}"}`,
])('what looks like a credential is not shown: %s', (text) => {
  const shown = JSON.stringify(describeError(new Error(`It failed at ${text}`, { cause: new Error(text) })));
  expect(shown).toContain('It failed at');
  expect(shown).not.toContain(CANARY);
});

test('a credential that the limit cuts in two is not shown either', () => {
  for (let before = 3_960; before <= 4_000; before += 1) {
    const text = `${'x '.repeat(before / 2)} postgres://app:${CANARY}${CANARY}@db/billing`;
    expect(JSON.stringify(describeError(text))).not.toContain(CANARY);
  }
});
