import { afterEach, describe, expect, test } from 'vitest';

import { openRedisStore } from '../../../templates/kernel/idempotency/redis-store.ts';
import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { RETENTION_MS, testStore } from './conformance.ts';
import { detailsEarlier } from './earlier.ts';
import { proxyTo } from './proxy.ts';
import { claimOf, POISONED, refused, succeeded } from './samples.ts';
import { redisMissing, redisPlace } from './services.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function freshPlace() {
  const place = await redisPlace();
  ends.push(place.remove);
  return place;
}

async function open({ url, prefix }: { readonly url: string; readonly prefix: string }) {
  const store = await openRedisStore({ url, prefix, retentionMs: RETENTION_MS });
  ends.push(() => store.close());
  return store;
}

type Place = Awaited<ReturnType<typeof redisPlace>>;

/** The store's clock is the server's own: what lies ahead is reached by moving all that is kept into the past. */
async function passTime({ client, keys, prefix }: Place, ms: number): Promise<void> {
  for (const key of await keys()) {
    const lifetime = await client.pTTL(key);
    if (lifetime > ms) await client.pExpire(key, lifetime - ms);
    else if (lifetime >= 0) await client.del(key);
    const type = await client.type(key);
    if (type === 'zset') {
      for (const member of await client.zRange(key, 0, -1)) await client.zIncrBy(key, -ms, member);
    }
    if (type !== 'hash' || !key.startsWith(`${prefix}operation:`)) continue;
    for (const field of ['lease_until', 'created_at', 'updated_at']) await client.hIncrBy(key, field, -ms);
    await client.hSet(key, 'details', detailsEarlier((await client.hGet(key, 'details')) ?? '', ms));
  }
}

describe.skipIf(redisMissing !== '')(`on Redis${redisMissing}`, () => {
  testStore(async () => {
    const place = await redisPlace();
    const stores: OperationStore[] = [];
    const another = async () => {
      const store = await openRedisStore({ ...place, retentionMs: RETENTION_MS });
      stores.push(store);
      return store;
    };
    return {
      store: await another(),
      another,
      passTime: (ms) => passTime(place, ms),
      async dispose() {
        for (const store of stores) await store.close();
        await place.remove();
      },
    };
  });

  test('keys that are claimed at the same time get fences of their own', async () => {
    const place = await freshPlace();
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(place)));
    const begun = await Promise.all(
      Array.from({ length: 40 }, (_, index) => stores[index % 4]?.begin(claimOf({ key: `key-${index}` }))),
    );
    expect(new Set(begun.map((result) => result?.operation.fence)).size).toBe(40);
  });

  test('of two that decide on the same state, one moves it on and the other decides anew', async () => {
    const place = await freshPlace();
    const stores = await Promise.all(Array.from({ length: 8 }, () => open(place)));
    const first = await stores[0]?.begin(claimOf());
    const claimed = { key: 'key-1', fence: first?.operation.fence ?? 0 };
    const sent = await Promise.all(stores.map((store) => store.markSent(claimed, null)));
    expect(sent.filter((result) => result === 'sent')).toHaveLength(1);
    const recorded = await Promise.all(stores.map((store) => store.recordOutcome(claimed, succeeded)));
    expect(recorded.filter((result) => result === 'recorded')).toHaveLength(1);
    expect(recorded.filter((result) => result === 'lost')).toHaveLength(7);
  });

  test.each(POISONED)(
    'a finished operation with %s reads as unknown, and is not run again',
    async (_, field, value) => {
      const place = await freshPlace();
      const store = await open(place);
      const { operation } = await store.begin(claimOf());
      await store.markSent(operation, null);
      await store.recordOutcome(operation, succeeded);
      const key = `${place.prefix}operation:key-1`;
      await (value === null ? place.client.hDel(key, field) : place.client.hSet(key, field, value));
      expect((await store.begin(claimOf())).kind).toBe('unknown');
      expect((await store.findById(operation.id))?.state).toBe('unknown');
    },
  );

  test.each([
    ['a lease that is no number', 'lease_until', 'soon'],
    ['a fence that is no number', 'fence', 'NaN'],
    ['no fence', 'fence', null],
    ['no time', 'updated_at', null],
    ['a time that no clock tells', 'updated_at', '1e300'],
  ])('an operation with %s reads as unknown until a person has looked', async (_, field, value) => {
    const place = await freshPlace();
    const store = await open(place);
    const { operation } = await store.begin(claimOf());
    const key = `${place.prefix}operation:key-1`;
    await (value === null ? place.client.hDel(key, field) : place.client.hSet(key, field, value));
    expect((await store.begin(claimOf())).kind).toBe('unknown');
    expect(await store.resolve({ id: operation.id, outcome: null, by: 'grace' })).toBe('resolved');
    expect((await store.begin(claimOf())).kind).toBe('claimed');
  });

  test('an operation whose key went to another is not found any more', async () => {
    const store = await open(await freshPlace());
    const { operation } = await store.begin(claimOf());
    await store.release(operation);
    const next = await store.begin(claimOf({ fingerprint: 'arguments-2' }));
    expect(next.operation.id).not.toBe(operation.id);
    expect(await store.findById(operation.id)).toBeUndefined();
  });

  test('an id whose key went to another leaves nothing behind', async () => {
    const place = await freshPlace();
    const store = await open(place);
    const { operation } = await store.begin(claimOf());
    await store.release(operation);
    await store.begin(claimOf({ fingerprint: 'arguments-2' }));
    expect(await place.client.exists(`${place.prefix}id:${operation.id}`)).toBe(0);
    const shelf = `${place.prefix}shelf:waiting`;
    const approval = { by: 'approver', scope: null, summary: '', expiresMs: 60_000, consent: null } as const;
    await store.begin(claimOf({ key: 'key-2', approval }));
    const { operation: other } = await store.begin(claimOf({ key: 'key-2', approval, fingerprint: 'arguments-2' }));
    expect(await place.client.zRange(shelf, 0, -1)).toEqual([other.id]);
  });

  test('an operation is listed under its own id only', async () => {
    const place = await freshPlace();
    const store = await open(place);
    const { operation } = await store.begin(claimOf());
    await place.client.set(`${place.prefix}id:op_stale`, 'key-1');
    await place.client.zAdd(`${place.prefix}shelf:open`, { score: 1, value: 'op_stale' });
    const listed = await store.list({ shelf: 'open', idPrefix: '', limit: 9 });
    expect(listed.map(({ id }) => id)).toEqual([operation.id]);
    expect(await store.findById('op_stale')).toBeUndefined();
  });

  test('no more names are cleared at once than are asked for', async () => {
    const place = await freshPlace();
    const store = await open(place);
    const approval = { by: 'approver', scope: null, summary: '', expiresMs: 60_000, consent: null } as const;
    for (const key of ['a', 'b']) await store.begin(claimOf({ key, approval }));
    for (const key of ['c', 'd', 'e']) {
      await store.recordOutcome((await store.begin(claimOf({ key }))).operation, refused);
    }
    for (const key of 'abcde') await place.client.del(`${place.prefix}operation:${key}`);
    const reap = () => store.reap({ idPrefix: '', finishedMs: 0, failedMs: 0, limit: 2 });
    expect([await reap(), await reap(), await reap()]).toEqual([2, 2, 1]);
  });

  test('what is finished has an end, failures a later one, questions their own, and nothing else any', async () => {
    const place = await freshPlace();
    const store = await open(place);
    const lifetimes = async () => {
      const keys = (await place.keys()).filter((key) => /:(operation|id):/.test(key));
      return Promise.all(keys.map((key) => place.client.pTTL(key)));
    };
    const HOUR_MS = 3_600_000;
    /** A minute is more than the test takes. */
    const expectLifetime = async (ms: number) => {
      for (const lifetime of await lifetimes()) {
        expect(lifetime).toBeLessThanOrEqual(ms + HOUR_MS);
        expect(lifetime).toBeGreaterThan(ms + HOUR_MS - 60_000);
      }
    };
    const approval = { by: 'approver', scope: null, summary: '', expiresMs: 7_000_000, consent: null } as const;
    const asked = await store.begin(claimOf({ approval }));
    await expectLifetime(approval.expiresMs);
    await store.decide({ id: asked.operation.id, approve: true, by: 'grace' });
    await expectLifetime(approval.expiresMs);
    const { operation } = await store.begin(claimOf({ approval }));
    expect(await lifetimes()).toEqual([-1, -1]);
    await store.release(operation);
    await expectLifetime(RETENTION_MS);
    const again = await store.begin(claimOf());
    await store.markSent(again.operation, null);
    expect(await lifetimes()).toEqual([-1, -1]);
    await store.recordUnknown(again.operation);
    expect(await lifetimes()).toEqual([-1, -1]);
    await store.recordOutcome(again.operation, succeeded);
    await expectLifetime(RETENTION_MS);
    const failing = await store.begin(claimOf({ fingerprint: 'arguments-1', afterUnknown: { kind: 'set-again' } }));
    await store.recordOutcome(failing.operation, refused);
    await expectLifetime(30 * 86_400_000);
  });

  test('a counter ends with its window', async () => {
    const place = await freshPlace();
    const store = await open(place);
    const cap = { counter: 'daily', window: 'day', limit: 1 } as const;
    const { operation } = await store.begin(claimOf({ caps: [cap] }));
    const end = (Math.floor(operation.createdAt / 86_400_000) + 1) * 86_400_000;
    const name = `${place.prefix}counter:${operation.charges[0]}`;
    expect(await place.client.pExpireTime(name)).toBe(end);
    await store.release(operation);
    expect(await place.client.pExpireTime(name)).toBe(end);
  });

  test.each(['list', 'reap'] as const)('%s clears a shelf of what Redis let expire', async (method) => {
    const place = await freshPlace();
    const store = await open(place);
    const failures = ['a', 'b', 'c'].map(async (key) => {
      const { operation } = await store.begin(claimOf({ key }));
      await store.recordOutcome(operation, refused);
    });
    await Promise.all(failures);
    await place.client.del(`${place.prefix}operation:b`);
    const shelf = () => place.client.zCard(`${place.prefix}shelf:failed`);
    expect(await shelf()).toBe(3);
    // Another server keeps its own for longer.
    if (method === 'list') await store.list({ shelf: 'failed', idPrefix: 'op_', limit: 9 });
    else await store.reap({ idPrefix: 'op_other', finishedMs: 0, failedMs: 0, limit: 9 });
    expect(await shelf()).toBe(2);
    expect(await store.list({ shelf: 'failed', idPrefix: 'op_', limit: 9 })).toHaveLength(2);
  });

  test('a connection that broke is made again', async () => {
    const place = await freshPlace();
    const proxy = await proxyTo(place.url);
    ends.push(proxy.close);
    const store = await open({ ...place, url: proxy.url });
    const { operation } = await store.begin(claimOf());
    proxy.cut();
    await expect
      .poll(() =>
        store.ping().then(
          () => 'there',
          () => 'away',
        ),
      )
      .toBe('there');
    expect(await store.markSent(operation, null)).toBe('sent');
  });

  test('while there is no connection, a call fails at once instead of waiting', async () => {
    const place = await freshPlace();
    const proxy = await proxyTo(place.url);
    const store = await open({ ...place, url: proxy.url });
    await proxy.close();
    await expect(store.begin(claimOf())).rejects.toThrow(StoreUnavailable);
    await expect(store.begin(claimOf())).rejects.toThrow(/offline|closed/i);
  });

  test('a server that evicts is refused', async () => {
    const place = await freshPlace();
    const proxy = await proxyTo(place.url, (said) => said.replace('policy:noeviction', 'policy:allkeys-xy'));
    ends.push(proxy.close);
    await expect(open({ ...place, url: proxy.url })).rejects.toThrow(/maxmemory-policy is allkeys-xy/);
  });

  test('what happens after the end is unavailable, like all else that goes wrong', async () => {
    const store = await open(await freshPlace());
    const { operation } = await store.begin(claimOf());
    await store.close();
    await expect(store.begin(claimOf())).rejects.toThrow(StoreUnavailable);
    await expect(store.peek(claimOf())).rejects.toThrow(StoreUnavailable);
    await expect(store.markSent(operation, null)).rejects.toThrow(StoreUnavailable);
    await expect(store.recordOutcome(operation, succeeded)).rejects.toThrow(StoreUnavailable);
    await expect(store.findById('op_1')).rejects.toThrow(StoreUnavailable);
    await expect(store.ping()).rejects.toThrow(StoreUnavailable);
  });
});

test.each([
  ['nobody listens', 'redis://ada:hunter2@127.0.0.1:1', /ECONNREFUSED/],
  ['the name means no host', 'redis://ada:hunter2@cache.invalid', /cache\.invalid/],
  ['it is a URL of something else', 'https://ada:hunter2@127.0.0.1', /does not read rediss:/],
  ['it is no URL', 'redis://ada:hunter2/@#127.0.0.1:x', /does not read rediss:/],
])('a server is unavailable, and its password not said, where %s', async (_, url, reason) => {
  const opening = openRedisStore({ url, retentionMs: RETENTION_MS });
  await expect(opening).rejects.toThrow(StoreUnavailable);
  await expect(opening).rejects.toThrow(reason);
  await expect(opening).rejects.not.toThrow(/hunter2/);
});
