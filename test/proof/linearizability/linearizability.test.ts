import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { AFTER_UNKNOWN } from './after-unknown.ts';
import { ignoringFences, withoutTransactions } from './faulty-stores.ts';
import { linearize, printHistory, type Event } from './linearize.ts';
import { fenceGiven, type StoreAccess } from './perform.ts';
import { runTogether } from './run-together.ts';
import { LEASE_MS } from './store-calls.ts';
import { runThreads, type ThreadsOptions } from './threads.ts';

const SCHEDULES = { seed: 7, numRuns: 10_000 } as const;
const KEY = 'key';

test('the calls to a memory store are as if one came after another', async () => {
  const result = await fc.check(histories(memoryStore), SCHEDULES);
  expect(fc.defaultReportMessage(result)).toBeUndefined();
});

test('a memory store that compares no fences is found', async () => {
  const { failed } = await fc.check(histories(comparingNoFences), SCHEDULES);
  expect(failed).toBe(true);
});

test('a store that lets others in between its reading and its writing is found', async () => {
  const store = (scheduler: fc.Scheduler) => withoutTransactions(() => scheduler.schedule(Promise.resolve()));
  const { failed } = await fc.check(histories(store), SCHEDULES);
  expect(failed).toBe(true);
});

/** That every history of three processes, with five calls each, can be told as a sequence. */
function histories(open: (scheduler: fc.Scheduler) => StoreAccess) {
  return fc.asyncProperty(
    fc.scheduler(),
    fc.nat(),
    fc.constantFrom(...AFTER_UNKNOWN),
    async (scheduler, seed, afterUnknown) => {
      const access = open(scheduler);
      const accesses = [access, access, access];
      const travel = () => scheduler.schedule(Promise.resolve());
      const running = runTogether({ key: KEY, accesses, callsEach: 5, afterUnknown, seed, travel });
      const events = await scheduler.waitFor(running);
      return linearize(KEY, events, { row: undefined, lastFence: 0 }) !== undefined;
    },
  );
}

function memoryStore(): StoreAccess {
  let now = 1;
  const store = openMemoryStore({ retentionMs: Number.MAX_SAFE_INTEGER, now: () => now });
  return { store, expire: async () => void (now += LEASE_MS) };
}

function comparingNoFences(): StoreAccess {
  const { store, expire } = memoryStore();
  let fence = 0;
  const begin: typeof store.begin = async (claim) => {
    const begun = await store.begin(claim);
    fence = begun.operation.fence;
    return begun;
  };
  return { store: ignoringFences({ ...store, begin }, () => fence), expire };
}

test('the calls of several connections to one SQLite file are as if one came after another', async () => {
  const threads = await checkThreads({ processes: 3, schedules: 300, callsEach: 5, seed: 7 });
  expect(threads.unexplained).toEqual([]);
  expect(threads.overlapping).toBeGreaterThan(0);
});

test('a SQLite store that compares no fences is found', async () => {
  const threads = await checkThreads({ processes: 3, schedules: 60, callsEach: 6, seed: 8, ignoresFences: true });
  expect(threads.unexplained).not.toEqual([]);
});

/** The histories that no sequence explains, printed, and how many of all had calls that overlap. */
async function checkThreads(options: Omit<ThreadsOptions, 'path'>) {
  const folder = mkdtempSync(join(tmpdir(), 'linearizability-'));
  const all = await runThreads({ path: join(folder, 'operations.sqlite'), ...options });
  rmSync(folder, { recursive: true });
  const unexplained: string[] = [];
  // Fences are given in one sequence for all keys, and one key comes after the other.
  let lastFence = 0;
  for (const [schedule, events] of all.entries()) {
    const after = linearize(`key-${schedule}`, events, { row: undefined, lastFence });
    if (after === undefined) unexplained.push(printHistory(events));
    lastFence = Math.max(lastFence, ...events.map(({ answer }) => fenceGiven(answer) ?? 0));
  }
  return { unexplained, overlapping: all.filter(hasOverlap).length };
}

function hasOverlap(events: readonly Event[]): boolean {
  return events.some((one) => events.some((other) => one.start < other.start && other.start < one.end));
}
