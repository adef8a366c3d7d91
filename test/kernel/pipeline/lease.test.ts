import { afterEach, expect, test, vi } from 'vitest';

import { UpstreamUnavailable, type AnyHandler } from '../../../templates/kernel/handler.ts';
import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { startRefunds } from './bank.ts';
import { freshPath, passTime, run, toolOf, type ServerOptions } from './harness.ts';
import { QUARANTINED, refund, refundsAt, upstreamsAt } from './refunds.ts';

afterEach(() => vi.restoreAllMocks());

function serverWith(handler: AnyHandler, options: Partial<ServerOptions> = {}) {
  return run({ ...options, tools: [toolOf(handler, { policy: { idempotency: QUARANTINED } })] });
}

/** Notes how the store answered each heartbeat; `down` makes it fail. */
function listening(beats: unknown[], down: () => boolean = () => false) {
  return (store: OperationStore): OperationStore => ({
    ...store,
    extendLease: async (claimed, leaseMs) => {
      const held = down() ? 'down' : await store.extendLease(claimed, leaseMs);
      beats.push(held);
      if (held === 'down') throw new StoreUnavailable('gone');
      return held;
    },
  });
}

test('work that takes longer than the lease keeps its claim', async () => {
  const path = freshPath();
  const settings = { leaseMs: 1_500 };
  const work = Promise.withResolvers<object>();
  const beats: unknown[] = [];
  const { call, calls, store } = serverWith(() => work.promise, { path, settings, wrap: listening(beats) });
  const answer = call(refund);
  await expect.poll(() => beats.length).toBeGreaterThanOrEqual(4);
  const other = serverWith(() => 'a second effect', { path, settings });
  expect((await other.call(refund)).error.code).toBe('IN_PROGRESS');
  work.resolve({ done: 1 });
  const { text } = await answer;
  expect((await other.call(refund)).text).toBe(text);
  expect(new Set(beats)).toEqual(new Set([true]));
  const { createdAt, leaseUntil } = (await store.findById(calls()[0]?.operation_id ?? '')) ?? {};
  expect((leaseUntil ?? 0) - (createdAt ?? 0)).toBeGreaterThan(1_500);
});

/** A handler that writes when it is told to, and says what came of it. */
async function startWaiting(options: Partial<ServerOptions>) {
  const bank = await startRefunds();
  const go = Promise.withResolvers<void>();
  const results: unknown[] = [];
  const handler: AnyHandler = async (_, ctx) => {
    results.push('began');
    await go.promise;
    try {
      return (await ctx.upstream('api').request({ method: 'POST', path: ['refunds'] })).body;
    } catch (error) {
      results.push(error);
      throw error;
    }
  };
  const settings = { upstreams: upstreamsAt(bank), leaseMs: 1_500, ...options.settings };
  const server = serverWith(handler, { ...options, settings });
  const answer = server.call(refund);
  await expect.poll(() => results).toEqual(['began']);
  return { bank, go: () => go.resolve(), answer, results, ...server };
}

const SENT_NOTHING = expect.objectContaining({ name: UpstreamUnavailable.name, sent: false });

test('an owner that kept its claim may send long after its first lease', async () => {
  const beats: unknown[] = [];
  const { bank, go, answer } = await startWaiting({ wrap: listening(beats) });
  // Three of them are a lease.
  await expect.poll(() => beats.length).toBeGreaterThanOrEqual(4);
  go();
  expect((await answer).ok).toBe(true);
  expect(bank.writes()).toHaveLength(1);
});

test('an owner whose lease ended is told by its heartbeat, and sends nothing any more', async () => {
  const path = freshPath();
  const beats: unknown[] = [];
  const { bank, go, answer, results } = await startWaiting({ path, wrap: listening(beats) });
  passTime(path, 60_000);
  await expect.poll(() => beats.at(-1)).toBe(false);
  go();
  expect((await answer).error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect(results.at(-1)).toEqual(SENT_NOTHING);
  expect(bank.writes()).toEqual([]);
});

test('an owner that cannot reach the store sends as long as it was told that it may, and no longer', async () => {
  let down = true;
  const early = await startWaiting({ wrap: listening([], () => down), settings: { leaseMs: 600_000 } });
  early.go();
  expect((await early.answer).ok).toBe(true);
  const beats: unknown[] = [];
  const late = await startWaiting({ wrap: listening(beats, () => down) });
  await expect.poll(() => beats.length).toBeGreaterThanOrEqual(3);
  late.go();
  down = false;
  expect((await late.answer).error.executed).toBe('unknown');
  expect(late.results.at(-1)).toEqual(SENT_NOTHING);
  expect(late.bank.writes()).toEqual([]);
});

const clocks = {
  /** As for a process that was stopped. */
  steady: () => {
    const clock = performance.now.bind(performance);
    return (ms: number) => void vi.spyOn(performance, 'now').mockImplementation(() => clock() + ms);
  },
  /** As for a machine that slept, on which the other clock stood still. */
  wall: () => {
    const clock = Date.now.bind(Date);
    return (ms: number) => void vi.spyOn(Date, 'now').mockImplementation(() => clock() + ms);
  },
};

test.each([
  ['begin', 'steady'],
  ['markSent', 'steady'],
  ['begin', 'wall'],
  ['markSent', 'wall'],
] as const)(
  'an owner that was held up while the store answered %s, by its %s clock, does not send its request, and frees the key',
  async (method, clock) => {
    const bank = await startRefunds();
    const holdUp = clocks[clock]();
    const { call, store } = refundsAt(bank, {
      settings: { leaseMs: 60_000, deadlineMs: 600_000, upstreams: upstreamsAt(bank) },
      wrap: (real) => {
        const work = real[method] as (...given: unknown[]) => Promise<unknown>;
        const slow = async (...given: unknown[]) => {
          const result = await work(...given);
          holdUp(60_001);
          return result;
        };
        return { ...real, [method]: slow };
      },
    });
    const { error } = await call(refund);
    expect(error).toMatchObject({ code: 'TOO_LATE_TO_SEND', category: 'unavailable', executed: 'no' });
    expect(error).toMatchObject({ retry: 'same_call', retryable: true });
    expect(bank.writes()).toEqual([]);
    expect((await store.findById(error.operation_id ?? ''))?.state).toBe('released');
  },
);

test('a clock that is set back ends no lease', async () => {
  const bank = await startRefunds();
  const clock = Date.now.bind(Date);
  const { call } = refundsAt(bank, {
    wrap: (store) => ({
      ...store,
      markSent: async (claimed, digest) => {
        vi.spyOn(Date, 'now').mockImplementation(() => clock() - 3_600_000);
        return store.markSent(claimed, digest);
      },
    }),
  });
  expect((await call(refund)).ok).toBe(true);
});

test('work that goes on after its deadline sends nothing more', async () => {
  const { bank, go, answer, results } = await startWaiting({ settings: { leaseMs: 60_000, deadlineMs: 1_000 } });
  expect((await answer).error.code).toBe('OUTCOME_UNKNOWN');
  go();
  await expect.poll(() => results.at(-1)).toEqual(SENT_NOTHING);
  expect(bank.writes()).toEqual([]);
});
