import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { repeat } from '../../../../templates/kernel/pipeline/background/repeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pauseMs = 100;
const onError = (error: unknown): void => {
  throw error;
};

test('rounds follow each other, a pause after each', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  let rounds = 0;
  repeat(async () => void (rounds += 1), { pauseMs, onError });
  await vi.advanceTimersByTimeAsync(49);
  expect(rounds).toBe(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds).toBe(1);
  await vi.advanceTimersByTimeAsync(99);
  expect(rounds).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(rounds).toBe(2);
});

test('a round that takes its time is not overtaken by the next one', async () => {
  const slow = Promise.withResolvers<void>();
  let rounds = 0;
  const round = () => {
    rounds += 1;
    return rounds === 1 ? slow.promise : Promise.resolve();
  };
  repeat(round, { pauseMs, onError });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(rounds).toBe(1);
  slow.resolve();
  await vi.advanceTimersByTimeAsync(pauseMs);
  expect(rounds).toBe(2);
});

test('a round that fails is told, and not the last one', async () => {
  const told: unknown[] = [];
  let rounds = 0;
  const round = () => {
    rounds += 1;
    return Promise.reject(new Error(`round ${rounds}`));
  };
  repeat(round, { pauseMs, onError: (error) => told.push(error) });
  await vi.advanceTimersByTimeAsync(2 * pauseMs);
  expect(told.slice(0, 2)).toMatchObject([{ message: 'round 1' }, { message: 'round 2' }]);
});

test('stopping tells the round under way, waits for it, and begins no other', async () => {
  const ending = Promise.withResolvers<void>();
  const stops: AbortSignal[] = [];
  const job = repeat((stop) => (stops.push(stop), ending.promise), { pauseMs, onError });
  await vi.advanceTimersByTimeAsync(pauseMs);
  let isStopped = false;
  const stopped = job.stop().then(() => (isStopped = true));
  await vi.advanceTimersByTimeAsync(pauseMs);
  expect([stops[0]?.aborted, isStopped]).toEqual([true, false]);
  ending.resolve();
  await stopped;
  await vi.advanceTimersByTimeAsync(10 * pauseMs);
  expect(stops).toHaveLength(1);
});

test('a job that is stopped before its first round never begins', async () => {
  let rounds = 0;
  await repeat(async () => void (rounds += 1), { pauseMs, onError }).stop();
  await vi.advanceTimersByTimeAsync(10 * pauseMs);
  expect(rounds).toBe(0);
});
