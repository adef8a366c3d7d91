import { expect, test } from 'vitest';

import { readState, writeState, type Asked, type BoundTo } from '../../../templates/kernel/transport/request-state.ts';

const asked: Asked = { operationId: 'op_1', key: 'a'.repeat(64), fingerprint: 'b'.repeat(64), expiresAt: 1_000 };
const ada: BoundTo = {
  caller: { subject: 'ada', tenant: 'acme' },
  tool: 'refund',
  secret: 'a secret of 32 characters or more',
};
const state = writeState(asked, ada);
const refused = { kind: 'refused', reason: 'signature' };

test('a state says what was asked until it expires', () => {
  expect(readState(state, ada, 999)).toEqual({ kind: 'valid', asked });
  expect(readState(state, ada, 1_000)).toEqual({ kind: 'refused', reason: 'expired' });
});

test('a state with any one byte changed is refused', () => {
  const bytes = Buffer.from(state);
  const taken: string[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    for (let flip = 1; flip < 256; flip += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ flip;
      if (readState(changed.toString('latin1'), ada, 0).kind === 'valid') taken.push(`byte ${index}: ${flip}`);
    }
  }
  expect(taken).toEqual([]);
});

test('a state that is cut, longer or spelt in another way is refused', () => {
  const [version, body, signature] = state.split('.');
  for (let length = 0; length < state.length; length += 1) {
    expect(readState(state.slice(0, length), ada, 0)).toEqual(refused);
  }
  const spellings = [
    `${state}=`,
    `${state}.`,
    ` ${state}`,
    `${version}.${body}=.${signature}`,
    `${version}.${body}.${signature}.${signature}`,
    `v2.${body}.${signature}`,
  ];
  for (const spelling of spellings) expect(readState(spelling, ada, 0)).toEqual(refused);
});

test.each([
  ['another subject', { caller: { subject: 'bob', tenant: 'acme' } }],
  ['another tenant', { caller: { subject: 'ada', tenant: 'other' } }],
  ['no tenant', { caller: { subject: 'ada' } }],
  ['names that read the same when joined', { caller: { subject: 'a","ada', tenant: 'acme' } }],
  ['another tool', { tool: 'send_back' }],
  ['another secret', { secret: 'another secret of 32 characters..' }],
])('a state is no good for %s', (_, changes) => {
  expect(readState(state, { ...ada, ...changes }, 0)).toEqual(refused);
});

test('the client can read which question it is, and nothing of who was asked', () => {
  const body = Buffer.from(state.split('.')[1] ?? '', 'base64url').toString();
  expect(JSON.parse(body)).toEqual(asked);
});
