import { expect, onTestFinished, test, vi } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { startBank, startRefunds } from '../pipeline/bank.ts';
import { freshPath, type Reply } from '../pipeline/harness.ts';
import { KEYED, OUTPUT, refund, refundsAt } from '../pipeline/refunds.ts';
import { settingsFor } from '../upstream/declared.ts';

test('edge case 14: of twenty at once over two servers one is executed, and the others are told when to ask again', async () => {
  const path = freshPath();
  const go = Promise.withResolvers<{ status: number; body: unknown }>();
  const bank = await startBank(() => go.promise);
  const servers = [refundsAt(bank, { path }), refundsAt(bank, { path })];
  const refused: Reply[] = [];
  const replies = Array.from({ length: 20 }, async (_, index) => {
    const reply = await servers[index % 2]?.call(refund);
    if (reply?.ok === false) refused.push(reply);
    return reply;
  });
  await expect.poll(() => refused.length).toBe(19);
  go.resolve({ status: 200, body: { id: 're_1' } });
  expect((await Promise.all(replies)).filter((reply) => reply?.ok)).toHaveLength(1);
  for (const { error } of refused) {
    expect(error).toMatchObject({ code: 'IN_PROGRESS', category: 'in_progress', executed: 'pending' });
    expect(error).toMatchObject({ retry: 'same_call', retryable: true });
    expect(error.retry_after_ms).toBeGreaterThan(0);
  }
  expect(bank.writes()).toHaveLength(1);
});

test('edge case 17: a repeat is a replay, and the refusal of other arguments says how to mean another operation', async () => {
  const bank = await startRefunds();
  const { call } = refundsAt(bank);
  await call(refund);
  expect((await call(refund)).meta).toEqual({ 'hardened-mcp/replayed': true });
  const { error } = await call({ ...refund, amount: 6 });
  expect(error).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', category: 'idempotency_conflict', executed: 'no' });
  expect(error.message).toMatch(/other key fields, another idempotency key, or a later occurrence/);
  expect(bank.effects).toHaveLength(1);
});

const period = { type: 'string', maxLength: 20 };
const key = { type: 'string', maxLength: 255 };

test.each<[string, IdempotencyPolicy, readonly [object, object]]>([
  [
    'an occurrence',
    {
      strategy: 'derived-key',
      key: [args('/invoice_id')],
      recovery: 'quarantine',
      occurrence: { argument: args('/period') },
    },
    [{ period: '2026-10' }, { period: '2026-11' }],
  ],
  [
    'a key',
    { strategy: 'caller-key', recovery: 'quarantine' },
    [{ idempotency_key: 'intent-0000000001' }, { idempotency_key: 'intent-0000000002' }],
  ],
])('edge case 17: with %s a deliberate repeat has its own effect', async (_, idempotency, [one, two]) => {
  const bank = await startRefunds();
  const input = { properties: { invoice_id: {}, amount: {}, period, idempotency_key: key } };
  const { call } = refundsAt(bank, { idempotency, input });
  for (const which of [one, one, two, two]) await call({ ...refund, ...which });
  expect(bank.effects).toHaveLength(2);
});

test('edge case 18: what is left out is what it defaults to, and the order of members is no difference', async () => {
  const bank = await startRefunds();
  const { call } = refundsAt(bank);
  const { text } = await call(refund);
  for (const same of [
    { ...refund, reason: 'none given' },
    { reason: 'none given', amount: 5.0, invoice_id: 'inv_1' },
  ]) {
    expect(await call(same)).toMatchObject({ text, meta: { 'hardened-mcp/replayed': true } });
  }
  expect((await call({ ...refund, reason: '' })).error.code).toBe('IDEMPOTENCY_CONFLICT');
  expect(bank.effects).toHaveLength(1);
});

test.each([2 ** 53, -(2 ** 53), 1e21, JSON.parse('9007199254740993')])(
  'edge case 18: the integer %d has lost digits on its way, and is refused',
  async (amount: number) => {
    const bank = await startRefunds();
    const { call } = refundsAt(bank, { input: { properties: { invoice_id: {}, amount: {} } } });
    const { error } = await call({ ...refund, amount });
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENTS', field: '/amount', executed: 'no' });
    expect(bank.writes()).toEqual([]);
    expect((await call({ ...refund, amount: Number.MAX_SAFE_INTEGER })).ok).toBe(true);
  },
);

const declared = (status: number, terminal?: true) => ({
  when: { status: [status] },
  code: 'REFUSED',
  category: 'failed_precondition' as const,
  message: { parts: ['No.'] },
  ...(terminal && { terminal }),
});

test.each([402, 409, 422])(
  'edge case 20: %i is the final answer where the manifest says so, and frees the key elsewhere',
  async (status) => {
    const bank = await startBank(() => ({ status }));
    const final = refundsAt(bank, { errors: [declared(status, true)] });
    const first = await final.call(refund);
    expect(first.error).toMatchObject({ code: 'REFUSED', executed: 'no' });
    expect(await final.call(refund)).toMatchObject({ text: first.text, meta: { 'hardened-mcp/replayed': true } });
    expect((await final.call({ ...refund, amount: 6 })).error.code).toBe('IDEMPOTENCY_CONFLICT');
    expect(bank.writes()).toHaveLength(1);
    const open = refundsAt(bank, { errors: [declared(status)] });
    for (const amount of [5, 6, 5]) expect((await open.call({ ...refund, amount })).meta).toBeUndefined();
    expect(bank.writes()).toHaveLength(4);
  },
);

test('edge case 20: what is refused before execution consumes neither key nor cap nor approval', async () => {
  const bank = await startRefunds();
  const { call } = refundsAt(bank, { policy: { caps: { perDay: 1, per: 'principal' } } });
  for (const wrong of [{}, { ...refund, amount: 0 }, { ...refund, amount: 20_000 }, { ...refund, more: 1 }]) {
    expect((await call(wrong)).error).toMatchObject({ code: 'INVALID_ARGUMENTS', executed: 'no' });
  }
  expect((await call({ ...refund, amount: 7 })).ok).toBe(true);
});

test('edge case 21: a key is counted once, whatever becomes of it, and what is UNKNOWN stays counted', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 2, keyed: true });
  const policy = { caps: { perDay: 2, per: 'principal' } } as const;
  const { call } = refundsAt(bank, { path, policy, idempotency: KEYED });
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect((await call({ ...refund, invoice_id: 'inv_2' })).ok).toBe(true);
  expect((await call({ ...refund, invoice_id: 'inv_3' })).error.code).toBe('WRITE_CAP_EXCEEDED');
  expect((await call(refund)).ok).toBe(true);
  expect((await call(refund)).meta).toEqual({ 'hardened-mcp/replayed': true });
  expect((await call({ ...refund, invoice_id: 'inv_3' })).error.code).toBe('WRITE_CAP_EXCEEDED');
});

test('edge case 24: tries within one call have one key, the same bytes and one fence', async () => {
  const bank = await startRefunds({ lose: 2, keyed: true });
  const { call, store, calls } = refundsAt(bank, { idempotency: KEYED, attempts: 3, output: OUTPUT });
  expect((await call(refund)).ok).toBe(true);
  const sent = bank.writes().map(({ headers, body }) => JSON.stringify([headers['idempotency-key'], headers, body]));
  expect([sent.length, new Set(sent).size, bank.effects.length]).toEqual([3, 1, 1]);
  expect(await store.findById(calls()[0]?.operation_id ?? '')).toMatchObject({ state: 'done', fence: 1 });
});

test('edge case 24: tries end while half of the lease is left, however many are allowed', async () => {
  // The longest pauses: 100, 200, 400, 800 ms and so on.
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  onTestFinished(() => void vi.restoreAllMocks());
  const bank = await startRefunds({ lose: 99, keyed: true });
  const { upstreams } = settingsFor(bank.url, { attempts: 50, maxDelayMs: 5_000 });
  const { call, kill } = refundsAt(bank, { idempotency: KEYED, settings: { leaseMs: 2_000, upstreams } });
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  kill();
  expect(bank.writes().length).toBeGreaterThan(1);
  expect(bank.writes().length).toBeLessThanOrEqual(4);
});
