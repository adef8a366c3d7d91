import { afterEach, describe, expect, test } from 'vitest';

import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import { openRedisConnection } from '../../../templates/kernel/idempotency/redis-connection.ts';
import { listOf, readReply } from '../../../templates/kernel/idempotency/redis-reply.ts';
import { CHANGED, operationKey, READ, REPLACE } from '../../../templates/kernel/idempotency/redis-scripts.ts';
import { openRedisStore } from '../../../templates/kernel/idempotency/redis-store.ts';
import { replacing } from '../../../templates/kernel/idempotency/redis-write.ts';
import { claimOf, operationOf, succeeded } from './samples.ts';
import { redisMissing, redisPlace } from './services.ts';

const retentionMs = 86_400_000;
const approval = { by: 'approver', scope: null, summary: '', expiresMs: 900_000, consent: null } as const;
const step = { name: 'reserve', result: null, between: true };

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A store, and what one of its processes does that reads, and writes only later. */
async function open() {
  const place = await redisPlace();
  const store = await openRedisStore({ ...place, retentionMs });
  const connection = await openRedisConnection(place.url, place.prefix);
  ends.push(
    place.remove,
    () => store.close(),
    () => connection.close(),
  );
  const read = async () => {
    const reply = await connection.run(READ, [operationKey('key-1'), 'fences', 'epoch'], []);
    return readReply(reply, retentionMs);
  };
  const write = async (next: Operation, seen: Awaited<ReturnType<typeof read>>) => {
    const { keys, values } = replacing(next, { seen, charge: [], refund: [], entry: undefined });
    return listOf(await connection.run(REPLACE, keys, values)).map(Number);
  };
  return { place, store, read, write };
}

describe.skipIf(redisMissing !== '')(`on Redis${redisMissing}`, () => {
  test('nothing is written over a lease that was extended since', async () => {
    const { store, read, write } = await open();
    const { operation } = await store.begin(claimOf());
    const seen = await read();
    await store.extendLease(operation, 120_000);
    expect(await write({ ...operation, state: 'unknown' }, seen)).toEqual([CHANGED]);
    expect((await store.findById(operation.id))?.leaseUntil).toBeGreaterThan(operation.leaseUntil);
  });

  test('nothing is written over a step that began and ended since, although state and fence are the same', async () => {
    const { store, read, write } = await open();
    const { operation } = await store.begin(claimOf());
    const seen = await read();
    await store.startStep(operation, 'reserve');
    await store.finishStep(operation, step);
    expect(await write({ ...operation, state: 'sent' }, seen)).toEqual([CHANGED]);
    expect((await store.findById(operation.id))?.steps).toEqual({ reserve: null });
  });

  test('nothing is written over a question that another took the place of', async () => {
    const { store, read, write } = await open();
    const { operation } = await store.begin(claimOf({ approval }));
    const seen = await read();
    const other = await store.begin(claimOf({ approval, fingerprint: 'arguments-2' }));
    expect(await write({ ...operation, state: 'approved' }, seen)).toEqual([CHANGED]);
    expect((await store.findById(other.operation.id))?.state).toBe('pending-approval');
  });

  test('nothing is written over what was not there before, or is gone and there again', async () => {
    const { place, store, read, write } = await open();
    const nothing = await read();
    const { operation } = await store.begin(claimOf());
    expect(await write(operationOf(), nothing)).toEqual([CHANGED]);
    const seen = await read();
    await place.client.del(`${place.prefix}operation:key-1`);
    expect(await write({ ...operation, state: 'sent' }, seen)).toEqual([CHANGED]);
    await store.begin(claimOf());
    expect(await write({ ...operation, state: 'sent' }, seen)).toEqual([CHANGED]);
  });

  test('what was decided before a hold began is decided again', async () => {
    const { store, read, write } = await open();
    const nothing = await read();
    await store.hold(true);
    expect(await write(operationOf(), nothing)).toEqual([CHANGED]);
    const held = await read();
    await store.hold(false);
    expect(await write(operationOf(), held)).toEqual([CHANGED]);
    expect(await write(operationOf(), await read())).toEqual([1]);
  });

  test('an operation of a release that counted no versions goes on', async () => {
    const { place, store } = await open();
    const key = `${place.prefix}operation:key-1`;
    const lease = (await store.now()) + 60_000;
    const texts = { key: 'key-1', id: 'op_1', fingerprint: 'arguments-1', tool: 'issue_refund', subject: 'ada' };
    const numbers = { fence: 3, lease_until: lease, created_at: 1, updated_at: 1 };
    await place.client.hSet(key, { ...texts, ...numbers, state: 'sent' });
    await place.client.set(`${place.prefix}id:op_1`, 'key-1');
    expect(await store.recordOutcome({ key: 'key-1', fence: 3 }, succeeded)).toBe('recorded');
    expect(await place.client.hGet(key, 'version')).toBe('1');
    expect((await store.findById('op_1'))?.state).toBe('done');
  });
});
