import { createClient } from 'redis';
import { afterEach, expect, test } from 'vitest';

import { openRedisStore } from '../../../templates/kernel/idempotency/redis-store.ts';
import { StoreUnavailable } from '../../../templates/kernel/idempotency/store.ts';
import { ownRedis, redisServerMissing } from './own-redis.ts';
import { claimOf, succeeded } from './samples.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** A store, and the server's memory limit. */
async function open() {
  const { url, stop } = await ownRedis();
  ends.push(stop);
  const store = await openRedisStore({ url, retentionMs: 86_400_000 });
  ends.push(() => store.close());
  const client = createClient({ url });
  await client.connect();
  ends.push(async () => client.destroy());
  const limit = (bytes: number) => client.configSet('maxmemory', String(bytes));
  return { store, client, limit };
}

test.skipIf(redisServerMissing !== '')(
  `where memory is used up, nothing new begins, and what was begun ends${redisServerMissing}`,
  async () => {
    const { store, client, limit } = await open();
    const approval = { by: 'approver', scope: null, summary: '', expiresMs: 900_000, consent: null } as const;
    const caps = [{ counter: 'run', window: 'run', limit: 9 }] as const;
    const claim = async (key: string) => (await store.begin(claimOf({ key, caps }))).operation;
    const [unsent, sent, given, doubted] = [await claim('a'), await claim('b'), await claim('c'), await claim('d')];
    for (const one of [sent, given, doubted]) await store.markSent(one, null);
    const asked = await store.begin(claimOf({ key: 'e', approval }));
    await limit(1);

    await expect(store.begin(claimOf({ key: 'new' }))).rejects.toThrow(StoreUnavailable);
    await expect(store.begin(claimOf({ key: 'new', approval }))).rejects.toThrow(StoreUnavailable);
    expect(await client.get('{hardened-mcp}:fences')).toBe('4');
    const entry = { id: 'event-1', text: '{}' };
    expect(await store.markSent(unsent, null)).toBe('sent');
    expect(await store.recordOutcome(sent, succeeded, entry)).toBe('recorded');
    await store.release(given);
    await store.recordUnknown(doubted);
    expect(await store.decide({ id: asked.operation.id, approve: true, by: 'grace' })).toBe('decided');
    expect(await store.resolve({ id: doubted.id, outcome: succeeded, by: 'grace' })).toBe('resolved');
    const found = [unsent, sent, given, doubted].map(async ({ id }) => (await store.findById(id))?.state);
    expect(await Promise.all(found)).toEqual(['sent', 'done', 'released', 'done']);

    await limit(0);
    expect(await store.entries(0, '')).toEqual([entry]);
    expect((await store.begin(claimOf({ key: 'new' }))).operation.fence).toBe(5);
  },
);
