import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, expect, test } from 'vitest';

import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import type { Occurrence } from '../../../templates/kernel/policy.ts';
import { claimOf, type Said } from './claim.ts';
import { followUpCaller } from './server.ts';

const RETENTION_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clocks-'));
  folders.push(folder);
  return folder;
}

/** Runs the server's process with a clock that is off, in some time zone of its own. */
function callFrom(folder: string, { offMs, timezone }: { readonly offMs: number; readonly timezone: string }) {
  const script = fileURLToPath(new URL('caller.ts', import.meta.url));
  const { stdout } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(shiftClock(offMs))}`,
      script,
      storeIn(folder),
      effectsIn(folder),
    ],
    { encoding: 'utf8', timeout: 20_000, env: { ...process.env, TZ: timezone }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const said: Said = JSON.parse(stdout);
  return said;
}

const storeIn = (folder: string) => join(folder, 'operations.sqlite');
const effectsIn = (folder: string) => join(folder, 'effects');

function shiftClock(offMs: number): string {
  return `
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...parts) { parts.length === 0 ? super(RealDate.now() + ${offMs}) : super(...parts); }
      static now() { return RealDate.now() + ${offMs}; }
    };`;
}

const CLOCKS = [
  { offMs: HOUR_MS, timezone: 'Asia/Kathmandu' },
  { offMs: -HOUR_MS, timezone: 'America/St_Johns' },
  { offMs: 0, timezone: 'UTC' },
] as const;

test('processes whose clocks are hours apart mean the same window, and have one effect', () => {
  const folder = freshFolder();
  const said = CLOCKS.map((clock) => callFrom(folder, clock));
  expect(said.map(({ ended }) => ended)).toEqual(['executed', 'replayed', 'replayed']);
  expect(readFileSync(effectsIn(folder), 'utf8')).toBe('sent\n');
  const [ahead, behind] = said;
  expect((ahead?.now ?? 0) - (behind?.now ?? 0)).toBeGreaterThan(HOUR_MS);
});

test('a process whose clock is an hour off neither takes over a claim nor gives up what was sent', async () => {
  const folder = freshFolder();
  const store = openSqliteStore({ path: storeIn(folder), retentionMs: RETENTION_MS });
  await store.begin(claimOf('claimed'));
  const { operation } = await store.begin(claimOf('sent'));
  await store.markSent(operation, null);
  for (const clock of CLOCKS) {
    expect(callFrom(folder, clock)).toMatchObject({ claimed: 'in-progress', sent: 'in-progress' });
  }
  await store.close();
});

const daily = (timezone: string): Occurrence => ({ every: 'day', timezone });
const DAYS: readonly [
  what: string,
  occurrence: Occurrence,
  calls: readonly (readonly [time: string, ended: string])[],
][] = [
  [
    'midnight',
    daily('UTC'),
    [
      ['2026-11-20T23:59:59Z', 'executed'],
      ['2026-11-21T00:00:00Z', 'replayed'],
      ['2026-11-21T00:14:59Z', 'replayed'],
      ['2026-11-21T00:15:00Z', 'executed'],
      ['2026-11-21T23:59:59Z', 'replayed'],
    ],
  ],
  [
    'a day of 23 hours',
    daily('Europe/Berlin'),
    [
      ['2026-03-28T23:00:00Z', 'executed'],
      ['2026-03-29T00:59:59Z', 'replayed'],
      ['2026-03-29T01:00:00Z', 'replayed'],
      ['2026-03-29T21:59:59Z', 'replayed'],
      ['2026-03-29T22:15:00Z', 'executed'],
    ],
  ],
  [
    'a day of 25 hours',
    daily('Europe/Berlin'),
    [
      ['2026-10-24T22:00:00Z', 'executed'],
      ['2026-10-25T00:30:00Z', 'replayed'],
      ['2026-10-25T01:30:00Z', 'replayed'],
      ['2026-10-25T22:59:59Z', 'replayed'],
      ['2026-10-25T23:15:00Z', 'executed'],
    ],
  ],
  [
    'an hour that comes twice',
    { every: 'hour', timezone: 'Europe/Berlin' },
    [
      ['2026-10-25T00:20:00Z', 'executed'],
      ['2026-10-25T00:59:59Z', 'replayed'],
      ['2026-10-25T01:14:59Z', 'replayed'],
      ['2026-10-25T01:20:00Z', 'executed'],
      ['2026-10-25T02:20:00Z', 'executed'],
    ],
  ],
  [
    'an hour that is left out',
    { every: 'hour', timezone: 'Europe/Berlin' },
    [
      ['2026-03-29T00:59:00Z', 'executed'],
      ['2026-03-29T01:01:00Z', 'replayed'],
      ['2026-03-29T01:20:00Z', 'executed'],
    ],
  ],
  [
    'a leap day',
    daily('Asia/Kathmandu'),
    [
      ['2028-02-28T18:14:59Z', 'executed'],
      ['2028-02-28T18:15:00Z', 'replayed'],
      ['2028-02-28T18:30:00Z', 'executed'],
      ['2028-02-29T18:14:59Z', 'replayed'],
      ['2028-02-29T18:30:00Z', 'executed'],
    ],
  ],
  [
    'the month of a leap day',
    { every: 'month', timezone: 'UTC' },
    [
      ['2028-02-01T00:00:00Z', 'executed'],
      ['2028-02-29T23:59:59Z', 'replayed'],
      ['2028-03-01T00:14:59Z', 'replayed'],
      ['2028-03-01T00:15:00Z', 'executed'],
    ],
  ],
  [
    'the week of a new year',
    { every: 'week', timezone: 'UTC' },
    [
      ['2026-12-28T00:20:00Z', 'executed'],
      ['2027-01-01T00:20:00Z', 'replayed'],
      ['2027-01-03T23:59:59Z', 'replayed'],
      ['2027-01-04T00:15:00Z', 'executed'],
    ],
  ],
];

test.each(DAYS)('%s makes no difference to how often a call is executed', async (_, occurrence, calls) => {
  let time = 0;
  const store = openMemoryStore({ retentionMs: 366 * RETENTION_MS, now: () => time });
  const call = followUpCaller({ store, occurrence, effect: () => {} });
  const ended: string[] = [];
  for (const [at] of calls) {
    time = Date.parse(at);
    ended.push(await call());
  }
  expect(ended).toEqual(calls.map(([, expected]) => expected));
});

const MIDNIGHT = Date.UTC(2026, 10, 21);

/** Two processes on one store, and what they did. */
function twoProcesses(clock: { time: number }) {
  const effects: string[] = [];
  const store = openMemoryStore({ retentionMs: RETENTION_MS, now: () => clock.time });
  const process = (name: string, changes: Partial<OperationStore> = {}) =>
    followUpCaller({ store: { ...store, ...changes }, occurrence: daily('UTC'), effect: () => effects.push(name) });
  return { store, process, effects };
}

test('a call that read the clock before midnight and claims after it finds what was done in between', async () => {
  const clock = { time: MIDNIGHT - 1 };
  const { store, process, effects } = twoProcesses(clock);
  const other = process('other');
  const claimed: string[] = [];
  const slow = process('slow', {
    async begin(claim) {
      claimed.push(claim.key);
      if (clock.time < MIDNIGHT) {
        clock.time = MIDNIGHT + 1;
        expect(await other()).toBe('executed');
      }
      return store.begin(claim);
    },
  });
  expect(await slow()).toBe('replayed');
  expect(effects).toEqual(['other']);
  expect(claimed).toHaveLength(2);
  expect(await isFree(store, claimed[0])).toBe(true);
});

test('a call just after midnight finds what is claimed for the day before while it looks', async () => {
  const { store, process, effects } = twoProcesses({ time: MIDNIGHT });
  const before = process('before', { now: async () => MIDNIGHT - 1 });
  const ended: string[] = [];
  const claimed: string[] = [];
  const after = process('after', {
    async begin(claim) {
      claimed.push(claim.key);
      ended.push(await before());
      return store.begin(claim);
    },
  });
  expect(await after()).toBe('replayed');
  expect([ended, effects]).toEqual([['executed'], ['before']]);
  expect(await isFree(store, claimed[0])).toBe(true);
});

/** Nobody holds the key: what was claimed in vain was given back. */
async function isFree(store: OperationStore, key = ''): Promise<boolean> {
  return (await store.peek(claimOf(key))) === undefined;
}
