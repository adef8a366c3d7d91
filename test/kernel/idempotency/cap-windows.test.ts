import { expect, test } from 'vitest';

import type { Cap } from '../../../templates/kernel/idempotency/claim.ts';
import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { openPostgresStore } from '../../../templates/kernel/idempotency/postgres-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { clockedPlace } from './postgres-clock.ts';
import { claimOf } from './samples.ts';
import { postgresMissing } from './services.ts';

const retentionMs = 86_400_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** From half an hour before midnight on. */
async function expectWindows(store: OperationStore, passTime: (ms: number) => Promise<void>): Promise<void> {
  let count = 0;
  const kindOf = async (...caps: readonly Cap[]) => {
    count += 1;
    return (await store.begin(claimOf({ key: `key-${count}`, caps }))).kind;
  };
  const hourly: Cap = { counter: 'hourly', window: 'hour', limit: 1 };
  const daily: Cap = { counter: 'daily', window: 'day', limit: 2 };
  expect([await kindOf(hourly), await kindOf(hourly)]).toEqual(['claimed', 'cap-exceeded']);
  expect([await kindOf(daily), await kindOf(daily), await kindOf(daily)]).toEqual([
    'claimed',
    'claimed',
    'cap-exceeded',
  ]);
  await passTime(29 * MINUTE_MS);
  expect([await kindOf(hourly), await kindOf(daily)]).toEqual(['cap-exceeded', 'cap-exceeded']);
  await passTime(MINUTE_MS);
  expect([await kindOf(hourly, daily), await kindOf(hourly), await kindOf(daily)]).toEqual([
    'claimed',
    'cap-exceeded',
    'claimed',
  ]);
  await passTime(HOUR_MS);
  expect([await kindOf(hourly), await kindOf(daily)]).toEqual(['claimed', 'cap-exceeded']);
}

test('hours and days begin and end by the clock of a memory store', async () => {
  let now = 5 * DAY_MS - 30 * MINUTE_MS;
  const passTime = async (ms: number) => void (now += ms);
  const store = openMemoryStore({ retentionMs, now: () => now });
  await expect(expectWindows(store, passTime)).resolves.toBeUndefined();
});

test.skipIf(postgresMissing !== '')(
  `hours and days begin and end by the clock of PostgreSQL${postgresMissing}`,
  async () => {
    const { url, passTime, remove } = await clockedPlace();
    const store = await openPostgresStore({ url, retentionMs });
    const now = await store.now();
    await passTime(DAY_MS - (now % DAY_MS) + DAY_MS - 30 * MINUTE_MS);
    await expect(expectWindows(store, passTime)).resolves.toBeUndefined();
    await store.close();
    await remove();
  },
);
