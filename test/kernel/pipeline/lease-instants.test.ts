/** When a claim is asked for anew, and when it holds no more, to the millisecond. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { instantNow } from '../../../templates/kernel/pipeline/elapsed.ts';
import { keepLease } from '../../../templates/kernel/pipeline/lease.ts';
import { operationOf } from '../idempotency/samples.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** `answers`: to the heartbeats, in their order. */
function keep(...answers: Promise<boolean>[]) {
  let asked = 0;
  const store = {
    ...openMemoryStore({ retentionMs: 1 }),
    extendLease: () => answers[asked++] ?? new Promise<boolean>(() => {}),
  };
  const lease = keepLease(store, operationOf(), { leaseMs: 3_000, since: instantNow() });
  return { lease, asked: () => asked };
}

test('a claim without news holds for less than its lease, and not for all of it', () => {
  const { lease } = keep();
  vi.advanceTimersByTime(2_999);
  expect(lease.holds()).toBe(true);
  vi.advanceTimersByTime(1);
  expect(lease.holds()).toBe(false);
});

test('a store that is slow to answer is asked once at a time', async () => {
  const slow = Promise.withResolvers<boolean>();
  const { lease, asked } = keep(slow.promise);
  vi.advanceTimersByTime(2_500);
  expect(asked()).toBe(1);
  slow.resolve(true);
  await vi.waitFor(() => {
    vi.advanceTimersByTime(1_000);
    expect(asked()).toBe(2);
  });
  lease.end();
});

test('what was extended holds from when that was asked for', async () => {
  const { lease } = keep(Promise.resolve(true));
  await vi.advanceTimersByTimeAsync(3_999);
  expect(lease.holds()).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(lease.holds()).toBe(false);
});

test('a claim that the store no longer knows is over at once', async () => {
  const { lease, asked } = keep(Promise.resolve(false));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lease.holds()).toBe(false);
  await vi.advanceTimersByTimeAsync(3_000);
  expect(asked()).toBe(1);
});
