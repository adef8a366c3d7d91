import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, test } from 'vitest';

import { startBank } from '../pipeline/bank.ts';
import { freshPath, REFUND_INPUT } from '../pipeline/harness.ts';
import { OUTPUT, QUARANTINED, refund, refundsAt, type RefundOptions } from '../pipeline/refunds.ts';

/** The bank answers every refund with this. */
async function startAnswering(body: unknown, options: RefundOptions = {}) {
  const bank = await startBank(() => ({ status: 200, body }));
  return { bank, ...refundsAt(bank, options) };
}

const ANY = { type: 'object' };

test('edge case 8: a result too large to keep is told once, and then named by its hash', async () => {
  const bank = await startBank(() => ({ status: 200, body: { text: 'x'.repeat(300_000) } }));
  const { call } = refundsAt(bank, { output: ANY });
  expect((await call(refund)).text).toHaveLength(300_011);
  const { error, text } = await call(refund);
  expect(error).toMatchObject({ code: 'RESULT_OMITTED', category: 'internal', executed: 'yes', retryable: false });
  expect(error.message).toMatch(/300011 bytes, sha256 [0-9a-f]{64}/);
  expect((await call(refund)).text).toBe(text);
  expect(bank.writes()).toHaveLength(1);
});

test.each([
  ['plain', { id: 're_1' }, OUTPUT],
  ['with more than the schema names', { card: 1, id: 're_1' }, OUTPUT],
  ['with members in another order', { z: 1, a: { y: 2, b: 3 } }, ANY],
  ['with numbers in other spellings', { big: 1e21, small: 1e-7, zero: -0 }, ANY],
  ['with text in any script', { text: '\u2028 é e\u0301 𝒳 "\\" </script>' }, ANY],
])('edge case 9: an answer %s and its replay have the same bytes', async (_, body, output) => {
  const path = freshPath();
  const { call, bank } = await startAnswering(body, { path, output });
  const first = await call(refund);
  const replays = [await call(refund), await refundsAt(bank, { path, output }).call(refund)];
  expect(first.meta).toBeUndefined();
  for (const replay of replays) {
    expect([replay.text, JSON.stringify(replay.structured)]).toEqual([first.text, JSON.stringify(first.structured)]);
    expect(replay.meta).toEqual({ 'hardened-mcp/replayed': true });
  }
  expect(bank.writes()).toHaveLength(1);
});

test('edge case 9: an error that is the final answer has the same bytes when it is told again', async () => {
  const { call } = await startAnswering({ id: 7 });
  const first = await call(refund);
  expect(first.error).toMatchObject({ code: 'RESULT_INVALID', executed: 'yes' });
  expect((await call(refund)).text).toBe(first.text);
});

/** All that is in the store's files. */
function bytesOf(path: string): string {
  const folder = dirname(path);
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
}

test('edge case 12: neither credentials nor what the output schema does not name reach the store, nor sensitive arguments', async () => {
  const path = freshPath();
  const input = REFUND_INPUT;
  const policy = { sensitive: ['/reason'] };
  const { call, bank } = await startAnswering({ id: 're_1', card: 'canary-result' }, { path, input, policy });
  expect((await call({ ...refund, reason: 'canary-argument' })).text).toBe('{"id":"re_1"}');
  expect(bank.writes()[0]?.headers['authorization']).toBe('Bearer secret');
  const kept = bytesOf(path);
  expect(kept).toContain('re_1');
  expect(kept).toContain('inv_1');
  expect(kept).not.toMatch(/canary|Bearer|secret/);
});

test('edge case 19: a result that no longer fits what the tool returns today is not replayed, and nothing runs again', async () => {
  const path = freshPath();
  const { call, bank } = await startAnswering({ id: 're_1' }, { path });
  await call(refund);
  const properties = { id: { type: 'integer' } };
  const today = refundsAt(bank, { path, output: { ...OUTPUT, properties } });
  expect((await today.call(refund)).error).toMatchObject({
    code: 'REPLAY_INCOMPATIBLE',
    executed: 'yes',
    retry: 'never',
    retryable: false,
  });
  expect(bank.writes()).toHaveLength(1);
  expect((await call(refund)).ok).toBe(true);
});

test('edge case 19: a schema that names less shows less of what was kept', async () => {
  const path = freshPath();
  const properties = { id: { type: 'string' }, note: { type: 'string' } };
  const { call, bank } = await startAnswering({ id: 're_1', note: 'n' }, { path, output: { ...OUTPUT, properties } });
  expect((await call(refund)).structured).toEqual({ id: 're_1', note: 'n' });
  const today = refundsAt(bank, { path, idempotency: QUARANTINED });
  expect(await today.call(refund)).toMatchObject({ structured: { id: 're_1' }, text: '{"id":"re_1"}' });
});
