import { expect, onTestFinished, test, vi } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { startRefunds } from '../pipeline/bank.ts';
import { freshPath, passTime, RETENTION_MS, type Running } from '../pipeline/harness.ts';
import { KEYED, refund, refundsAt, upstreamsAt } from '../pipeline/refunds.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;

const of = (invoice: string) => ({ ...refund, invoice_id: invoice });

/** One operation DONE, one UNKNOWN, and one SENT whose server is gone. Answers their ids. */
async function leaveThree(path: string) {
  const bank = await startRefunds({ lose: 1 });
  const server: Running = refundsAt(bank, { path });
  await server.call(of('unknown'));
  await server.call(of('done'));
  const dying: Running = refundsAt(bank, {
    path,
    wrap: (store) => ({
      ...store,
      recordOutcome: (...given) => {
        dying.kill();
        return store.recordOutcome(...given);
      },
    }),
  });
  void dying.call(of('sent'));
  await expect.poll(() => bank.effects.length).toBe(3);
  const [sent] = await server.store.list({ shelf: 'open', idPrefix: 'op_', limit: 1 });
  const [unknown, done] = server.calls().map(({ operation_id: id }) => id);
  return { bank, ids: [unknown, done, sent?.id] };
}

test.each([
  ['within an hour after their time', RETENTION_MS + HOUR_MS - 60_000, ['unknown', 'done', 'unknown']],
  ['an hour after it', RETENTION_MS + HOUR_MS + 60_000, ['unknown', undefined, 'unknown']],
  ['after years', 3 * YEAR_MS, ['unknown', undefined, 'unknown']],
] as const)(
  'edge case 15: what is finished goes by the reaper, what is SENT or UNKNOWN never: %s',
  async (_, ageMs, states) => {
    const path = freshPath();
    const { bank, ids } = await leaveThree(path);
    passTime(path, ageMs);
    // The first round begins at once.
    vi.spyOn(Math, 'random').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    let rounds = 0;
    const { store } = refundsAt(bank, {
      path,
      wrap: (real) => ({
        ...real,
        reap: async (keep) => {
          const count = await real.reap(keep);
          rounds += 1;
          return count;
        },
      }),
    });
    await expect.poll(() => rounds).toBe(1);
    const found = [];
    for (const id of ids) found.push((await store.findById(id ?? ''))?.state);
    expect(found).toEqual(states);
  },
);

const DAILY: IdempotencyPolicy = {
  strategy: 'derived-key',
  key: [args('/invoice_id')],
  recovery: 'quarantine',
  occurrence: { every: 'day', timezone: 'America/New_York' },
};

test.each([
  ['seconds before and after midnight are one day', '23:59:50', '00:00:10', 1],
  ['14 minutes after midnight still count for the day before', '23:50:00', '00:14:59', 1],
  ['15 minutes after midnight are another day', '23:50:00', '00:15:00', 2],
  ['midnight in another time zone is no midnight', '18:50:00', '19:20:00', 1],
] as const)('edge case 16: %s', async (_, before, after, effects) => {
  const bank = await startRefunds();
  // New York is five hours behind in November.
  const at = (day: number, time: string) => Date.parse(`2026-11-${day}T${time}-05:00`);
  let now = at(20, before);
  const wrap: Parameters<typeof refundsAt>[1] = {
    idempotency: DAILY,
    wrap: (store) => ({ ...store, now: async () => now }),
  };
  const { call } = refundsAt(bank, wrap);
  const first = await call(refund);
  now = at(after < before ? 21 : 20, after);
  const second = await call(refund);
  expect(bank.effects).toHaveLength(effects);
  expect(second.text === first.text).toBe(effects === 1);
});

test('edge case 16: in the grace after midnight a new call has its own effect, and is repeated as itself', async () => {
  const bank = await startRefunds();
  let now = Date.parse('2026-11-21T00:05:00-05:00');
  const { call } = refundsAt(bank, { idempotency: DAILY, wrap: (store) => ({ ...store, now: async () => now }) });
  const { text } = await call(refund);
  now += 3 * HOUR_MS;
  expect((await call(refund)).text).toBe(text);
  expect((await call({ ...refund, amount: 6 })).error.code).toBe('IDEMPOTENCY_CONFLICT');
  expect(bank.effects).toHaveLength(1);
});

test('edge case 23: a client that left before anything was sent leaves nothing behind', async () => {
  const client = new AbortController();
  const bank = await startRefunds();
  const { call, store, calls } = refundsAt(bank, {
    policy: { caps: { perDay: 1, per: 'principal' } },
    wrap: (real) => ({
      ...real,
      begin: async (claim) => {
        client.abort();
        return real.begin(claim);
      },
    }),
  });
  const { error } = await call(refund, { signal: client.signal });
  expect(error).toMatchObject({ code: 'CANCELLED', category: 'cancelled', executed: 'no', retry: 'same_call' });
  expect((await store.findById(calls()[0]?.operation_id ?? ''))?.state).toBe('released');
  expect(bank.writes()).toEqual([]);
  expect((await call(refund)).ok).toBe(true);
});

test('edge case 23: a client that leaves once it was sent changes nothing: the work ends and is recorded', async () => {
  const client = new AbortController();
  const bank = await startRefunds();
  const { call } = refundsAt(bank, {
    wrap: (store) => ({
      ...store,
      markSent: async (claimed, digest) => {
        const marked = await store.markSent(claimed, digest);
        client.abort();
        return marked;
      },
    }),
  });
  const { text } = await call(refund, { signal: client.signal });
  expect(await call(refund)).toMatchObject({ text, meta: { 'hardened-mcp/replayed': true } });
  expect(text).toBe('{"id":"re_1"}');
  expect(bank.effects).toHaveLength(1);
});

test.each([-HOUR_MS, HOUR_MS])(
  'edge case 25: a process whose clock is off by %i ms does as the others do',
  async (offMs) => {
    const path = freshPath();
    const bank = await startRefunds({ lose: 1, keyed: true });
    const settings = { upstreams: upstreamsAt(bank) };
    const options = { path, settings, idempotency: KEYED, policy: { caps: { perHour: 2, per: 'principal' } } } as const;
    const right = refundsAt(bank, options);
    const stuck = refundsAt(bank, {
      ...options,
      wrap: (store) => ({ ...store, markSent: () => new Promise(() => {}) }),
    });
    await right.call(of('in doubt'));
    void stuck.call(of('claimed'));
    await expect.poll(async () => (await right.call(of('claimed'))).error.code).toBe('IN_PROGRESS');
    stuck.kill();

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + offMs });
    onTestFinished(() => void vi.useRealTimers());
    const off = refundsAt(bank, options);
    expect((await off.call(of('claimed'))).error.code).toBe('IN_PROGRESS');
    expect((await off.call(of('in doubt'))).structured).toEqual({ id: 're_1' });
    expect((await off.call(of('another'))).error.code).toBe('WRITE_CAP_EXCEEDED');
    expect(Math.abs((await off.store.now()) - Date.now())).toBeGreaterThan(HOUR_MS / 2);
    vi.useRealTimers();
    expect((await right.call(of('in doubt'))).meta).toEqual({ 'hardened-mcp/replayed': true });
    expect(bank.effects).toHaveLength(1);
  },
);
