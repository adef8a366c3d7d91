import { expect, test } from 'vitest';

import { KnownSecrets } from '../../../templates/kernel/config/known-secrets.ts';
import { describeError } from '../../../templates/kernel/describe-error.ts';

const CANARY = 'hunter2';
const nothingKnown = new KnownSecrets();

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
  const shown = JSON.stringify(
    describeError(new Error(`It failed at ${text}`, { cause: new Error(text) }), nothingKnown),
  );
  expect(shown).toContain('It failed at');
  expect(shown).not.toContain(CANARY);
});

test('a credential that the limit cuts in two is not shown either', () => {
  for (let before = 3_960; before <= 4_000; before += 1) {
    const text = `${'x '.repeat(before / 2)} postgres://app:${CANARY}${CANARY}@db/billing`;
    expect(JSON.stringify(describeError(text, nothingKnown))).not.toContain(CANARY);
  }
});

test.each([
  `password=${CANARY},and;more`,
  `Bearer ${CANARY}$and:more`,
  `${'x '.repeat(1_990)}${CANARY} and more`,
  `{"token": "${CANARY} and more"}`,
])('of a known secret no part is left, whatever a pattern or the limit would have taken of it', (text) => {
  const secrets = new KnownSecrets();
  secrets.note('KEYS', [`${CANARY},and;more`, `${CANARY}$and:more`, `${CANARY} and more`]);
  const shown = JSON.stringify(describeError(new Error(text, { cause: text }), secrets));
  expect(shown).toContain('[secret]');
  expect(shown).not.toContain(CANARY);
  expect(shown).not.toContain('more');
});

test.each([
  ['has no text', Object.create(null)],
  ['throws when it is asked', { toString: () => expect.unreachable() }],
  ['has a message that is none', Object.assign(new Error('fine'), { message: Symbol('none') })],
])('what %s can be thrown, too', (_, thrown) => {
  expect(describeError(thrown, nothingKnown)).toEqual({ error: 'what was thrown cannot be shown' });
});
