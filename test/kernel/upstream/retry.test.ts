import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseRetryAfter } from '../../../templates/kernel/upstream/retry-after.ts';
import { jitter, retry } from '../../../templates/kernel/upstream/retry.ts';
import { settingsFor } from './declared.ts';

function upstreamWith(bounds: { readonly attempts: number; readonly maxDelayMs?: number }) {
  const [upstream] = settingsFor(new URL('http://127.0.0.1'), bounds).upstreams.values();
  if (upstream === undefined) throw new Error('no upstream');
  return upstream;
}

const signal = new AbortController().signal;
const calm = { withinMs: 60_000, signal, random: () => 0 };

test('trying stops at the first result that is final, and at the declared number of attempts', async () => {
  let tries = 0;
  const succeedAt = (round: number) => async () => ({ result: (tries += 1), again: tries < round });
  expect(await retry(succeedAt(2), { upstream: upstreamWith({ attempts: 5 }), ...calm })).toBe(2);
  tries = 0;
  expect(await retry(succeedAt(99), { upstream: upstreamWith({ attempts: 3 }), ...calm })).toBe(3);
});

test('retries of one upstream share a budget of ten and a tenth of its calls', async () => {
  const upstream = upstreamWith({ attempts: 2 });
  let tries = 0;
  const fail = async () => ({ result: (tries += 1), again: true });
  for (let call = 0; call < 100; call += 1) await retry(fail, { upstream, ...calm });
  const retries = tries - 100;
  expect(retries).toBeGreaterThanOrEqual(18);
  expect(retries).toBeLessThanOrEqual(20);
});

test('no attempt begins outside the time that is left', async () => {
  let tries = 0;
  const fail = async () => ({ result: (tries += 1), again: true, retryAfterMs: 50 });
  await retry(fail, { upstream: upstreamWith({ attempts: 5 }), ...calm, withinMs: 10 });
  expect(tries).toBe(1);
});

test('a pause that the upstream wants longer than allowed is not made', async () => {
  let tries = 0;
  const fail = async () => ({ result: (tries += 1), again: true, retryAfterMs: 20 });
  await retry(fail, { upstream: upstreamWith({ attempts: 2, maxDelayMs: 10 }), ...calm });
  expect(tries).toBe(1);
  await retry(fail, { upstream: upstreamWith({ attempts: 2, maxDelayMs: 30 }), ...calm });
  expect(tries).toBe(3);
});

test('a pause ends when the call is cancelled', async () => {
  const controller = new AbortController();
  let tries = 0;
  const fail = async () => {
    setImmediate(() => controller.abort());
    return { result: (tries += 1), again: true, retryAfterMs: 60_000 };
  };
  const upstream = upstreamWith({ attempts: 5, maxDelayMs: 100_000 });
  expect(await retry(fail, { upstream, ...calm, withinMs: 200_000, signal: controller.signal })).toBe(1);
});

test('pauses double up to their cap, with full jitter', () => {
  const most = { maxDelayMs: 1_000, random: () => 1 };
  expect([1, 2, 3, 4, 5].map((round) => jitter(round, most))).toEqual([100, 200, 400, 800, 1_000]);
  expect(jitter(3, { maxDelayMs: 1_000, random: () => 0 })).toBe(0);
});

test('Retry-After is seconds or an HTTP-date', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(parseRetryAfter('120', now)).toBe(120_000);
  expect(parseRetryAfter(2, now)).toBe(2_000);
  expect(parseRetryAfter('0', now)).toBe(0);
  expect(parseRetryAfter('soon', now)).toBeUndefined();
  expect(parseRetryAfter('Whenever, 99 GMT', now)).toBeUndefined();
  expect(parseRetryAfter(Number.NaN, now)).toBeUndefined();
  expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:30 GMT', now)).toBe(30_000);
  expect(parseRetryAfter('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
});

test('whatever Retry-After says, it is at most a day and never negative', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double(), fc.constant(null), fc.object() as fc.Arbitrary<never>), (value) => {
      const wait = parseRetryAfter(value, 0);
      if (wait === undefined) return;
      expect(wait).toBeGreaterThanOrEqual(0);
      expect(wait).toBeLessThanOrEqual(86_400_000);
    }),
  );
});
