import { Pool } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';

import { openPostgresStore } from '../../../templates/kernel/idempotency/postgres-store.ts';
import { openRedisStore } from '../../../templates/kernel/idempotency/redis-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { postgresMissing, postgresPlace, redisMissing, redisPlace } from '../../kernel/idempotency/services.ts';
import { AFTER_UNKNOWN } from './after-unknown.ts';
import { linearize, printHistory } from './linearize.ts';
import { fenceGiven, type StoreAccess } from './perform.ts';
import { runTogether } from './run-together.ts';

const RETENTION_MS = 86_400_000;
const SCHEDULES = 150;

/** The end of a lease is another version, as if a process had written it. */
const EXPIRE = `
  if redis.call('EXISTS', KEYS[1]) == 0 then return end
  redis.call('HSET', KEYS[1], 'lease_until', 0, 'version', redis.call('INCR', KEYS[2]))`;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** The histories that no sequence explains, printed. */
async function unexplainedOf(accesses: readonly StoreAccess[]): Promise<readonly string[]> {
  const unexplained: string[] = [];
  let lastFence = 0;
  for (let schedule = 0; schedule < SCHEDULES; schedule += 1) {
    const key = `key-${schedule}`;
    const events = await runTogether({
      key,
      accesses,
      callsEach: 5,
      afterUnknown: AFTER_UNKNOWN[schedule % 3] ?? { kind: 'quarantine' },
      seed: schedule * accesses.length,
    });
    if (linearize(key, events, { row: undefined, lastFence }) === undefined) unexplained.push(printHistory(events));
    lastFence = Math.max(lastFence, ...events.map(({ answer }) => fenceGiven(answer) ?? 0));
  }
  return unexplained;
}

async function three(open: () => Promise<OperationStore>): Promise<readonly OperationStore[]> {
  const stores = await Promise.all([open(), open(), open()]);
  ends.push(() => Promise.all(stores.map((store) => store.close())));
  return stores;
}

describe.skipIf(postgresMissing !== '')(`on PostgreSQL${postgresMissing}`, () => {
  test('the calls of several processes are as if one came after another', async () => {
    const { url, remove } = await postgresPlace();
    ends.push(remove);
    const stores = await three(() => openPostgresStore({ url, retentionMs: RETENTION_MS }));
    const pool = new Pool({ connectionString: url, max: stores.length });
    ends.push(() => pool.end());
    const expire = async (key: string) =>
      void (await pool.query('UPDATE hardened_mcp_operations SET lease_until = 0 WHERE key = $1', [key]));
    expect(await unexplainedOf(stores.map((store) => ({ store, expire })))).toEqual([]);
  });
});

describe.skipIf(redisMissing !== '')(`on Redis${redisMissing}`, () => {
  test('the calls of several processes are as if one came after another', async () => {
    const place = await redisPlace();
    ends.push(place.remove);
    const stores = await three(() => openRedisStore({ ...place, retentionMs: RETENTION_MS }));
    const expire = async (key: string) => {
      const keys = [`${place.prefix}operation:${key}`, `${place.prefix}versions`];
      await place.client.eval(EXPIRE, { keys });
    };
    expect(await unexplainedOf(stores.map((store) => ({ store, expire })))).toEqual([]);
  });
});
