import { expect, test } from 'vitest';

import { startBank, startRefunds, type BankReply } from '../pipeline/bank.ts';
import { freshPath, passTime, type Running } from '../pipeline/harness.ts';
import { KEYED, QUARANTINED, refund, refundsAt, SET_AGAIN, upstreamsAt } from '../pipeline/refunds.ts';
import { settingsFor } from '../upstream/declared.ts';
import { findClosedPort } from '../upstream/loopback.ts';

const LEASE_OVER = 60_001;

test('edge case 1: a crash after the claim and before anything was sent ends with one effect', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const dying: Running = refundsAt(bank, {
    path,
    wrap: (store) => ({
      ...store,
      markSent: (claimed, digest) => {
        dying.kill();
        return store.markSent(claimed, digest);
      },
    }),
  });
  void dying.call(refund);
  const { call } = refundsAt(bank, { path });
  await expect.poll(async () => (await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, LEASE_OVER);
  expect(await call(refund)).toMatchObject({ ok: true, meta: undefined });
  expect(bank.effects).toHaveLength(1);
});

test.each([
  ['quarantine', QUARANTINED, 1, 1, 'OUTCOME_UNKNOWN'],
  ['a value that is set', SET_AGAIN, 2, 2, undefined],
  ['a key that the upstream knows', KEYED, 2, 1, undefined],
] as const)('edge case 2: a crash after it was sent, with %s', async (_, idempotency, sent, effects, code) => {
  const path = freshPath();
  const bank = await startRefunds({ keyed: idempotency === KEYED });
  const dying: Running = refundsAt(bank, {
    path,
    idempotency,
    wrap: (store) => ({
      ...store,
      recordOutcome: (...given) => {
        dying.kill();
        return store.recordOutcome(...given);
      },
    }),
  });
  void dying.call(refund);
  await expect.poll(() => bank.effects.length).toBe(1);
  const { call } = refundsAt(bank, { path, idempotency });
  expect((await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, LEASE_OVER);
  expect((await call(refund)).error.code).toBe(code);
  expect([bank.writes().length, bank.effects.length]).toEqual([sent, effects]);
});

test('edge case 2: what a crash left UNKNOWN stays so, however often it is asked for', async () => {
  const path = freshPath();
  const bank = await startBank(() => new Promise(() => {}));
  const dying = refundsAt(bank, { path });
  void dying.call(refund);
  await expect.poll(() => bank.writes().length).toBe(1);
  dying.kill();
  passTime(path, LEASE_OVER);
  const { call } = refundsAt(bank, { path });
  for (const _ of [1, 2, 3]) {
    const { error } = await call(refund);
    expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', retryable: false, retry: 'check_status_first' });
    expect(error.operation_id).toMatch(/^op_[0-9a-f]{32}$/);
    expect(error.suggested_action).toContain('get_operation_status');
  }
  expect(bank.writes()).toHaveLength(1);
});

test('edge case 3: an executor that was paused beyond its lease may not send any more', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const paused = Promise.withResolvers<void>();
  let isPaused = false;
  const first = refundsAt(bank, {
    path,
    wrap: (store) => ({
      ...store,
      markSent: async (claimed, digest) => {
        isPaused = true;
        await paused.promise;
        return store.markSent(claimed, digest);
      },
    }),
  });
  const late = first.call(refund);
  await expect.poll(() => isPaused).toBe(true);
  passTime(path, LEASE_OVER);
  const taken = await refundsAt(bank, { path }).call(refund);
  paused.resolve();
  expect((await late).error).toMatchObject({ code: 'IN_PROGRESS', executed: 'pending', retry: 'same_call' });
  expect((await first.call(refund)).text).toBe(taken.text);
  expect(bank.effects).toHaveLength(1);
});

test('edge case 3: what it had sent already is the truth, however late', async () => {
  const path = freshPath();
  const answer = Promise.withResolvers<BankReply>();
  const bank = await startBank(() => answer.promise);
  const paused = refundsAt(bank, { path });
  const late = paused.call(refund);
  await expect.poll(() => bank.writes().length).toBe(1);
  passTime(path, LEASE_OVER);
  const { call } = refundsAt(bank, { path });
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  answer.resolve({ status: 200, body: { id: 're_1' } });
  const { text } = await late;
  expect(text).toBe('{"id":"re_1"}');
  expect(await call(refund)).toMatchObject({ text, meta: { 'hardened-mcp/replayed': true } });
  expect(paused.logged.join()).toContain('came late');
});

test.each<[string, () => BankReply | Promise<BankReply>]>([
  ['a reset', () => 'cut off'],
  ['no answer in time', () => new Promise<BankReply>(() => {})],
  ['an answer that ends half-way', () => ({ status: 200, body: {}, headers: { 'content-length': '900' } })],
  ['502', () => ({ status: 502 })],
])('edge case 4: after %s nobody knows, and it is not sent again', async (_, answer) => {
  const bank = await startBank(answer);
  const { upstreams } = settingsFor(bank.url, { timeoutMs: 300, attempts: 3 });
  const { call, store } = refundsAt(bank, { settings: { upstreams } });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', category: 'outcome_unknown', executed: 'unknown' });
  expect((await store.findById(error.operation_id ?? ''))?.state).toBe('unknown');
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect(bank.writes()).toHaveLength(1);
});

test.each([
  ['no such host', async () => new URL('http://nowhere.invalid')],
  ['a port that is closed', async () => new URL(`http://127.0.0.1:${await findClosedPort()}`)],
  ['no TLS', async (url: URL) => new URL(`https://${url.host}`)],
])('edge case 5: %s: nothing was sent, and the key is free', async (_, whereTo) => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call, store } = refundsAt({ url: await whereTo(bank.url) }, { path });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', executed: 'no', retry: 'same_call', retryable: true });
  expect((await store.findById(error.operation_id ?? ''))?.state).toBe('released');
  const settings = { upstreams: upstreamsAt(bank) };
  expect((await refundsAt(bank, { path, settings }).call(refund)).ok).toBe(true);
  expect(bank.effects).toHaveLength(1);
});
