import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, test } from 'vitest';

import { openPostgresStore } from '../../../templates/kernel/idempotency/postgres-store.ts';
import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { RETENTION_MS, testStore } from './conformance.ts';
import { clockedPlace } from './postgres-clock.ts';
import { proxyTo } from './proxy.ts';
import { claimOf, POISONED, succeeded } from './samples.ts';
import { postgresMissing, postgresPlace } from './services.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function freshPlace() {
  const place = await postgresPlace();
  ends.push(place.remove);
  return place;
}

async function open(url: string) {
  const store = await openPostgresStore({ url, retentionMs: RETENTION_MS });
  ends.push(() => store.close());
  return store;
}

describe.skipIf(postgresMissing !== '')(`on PostgreSQL${postgresMissing}`, () => {
  testStore(async () => {
    const { url, passTime, remove } = await clockedPlace();
    const stores: OperationStore[] = [];
    const another = async () => {
      const store = await openPostgresStore({ url, retentionMs: RETENTION_MS });
      stores.push(store);
      return store;
    };
    return {
      store: await another(),
      another,
      passTime,
      async dispose() {
        for (const store of stores) await store.close();
        await remove();
      },
    };
  });

  test('stores that open together on an empty database share what one of them makes', async () => {
    const { url } = await freshPlace();
    const stores = await Promise.all(Array.from({ length: 8 }, () => open(url)));
    const begun = await Promise.all(stores.map((store) => store.begin(claimOf())));
    expect(begun.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(begun.filter(({ kind }) => kind === 'in-progress')).toHaveLength(7);
  });

  test('keys that are claimed at the same time get fences of their own', async () => {
    const { url } = await freshPlace();
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(url)));
    const begun = await Promise.all(
      Array.from({ length: 40 }, (_, index) => stores[index % 4]?.begin(claimOf({ key: `key-${index}` }))),
    );
    expect(new Set(begun.map((result) => result?.operation.fence)).size).toBe(40);
  });

  test('of a long shelf all is listed once, also where all was changed at the same moment', async () => {
    const { url, edit } = await freshPlace();
    const store = await open(url);
    for (let key = 0; key < 250; key += 1) await store.begin(claimOf({ key: String(key), leaseMs: RETENTION_MS }));
    await edit('UPDATE hardened_mcp_operations SET updated_at = 9223372036854775000');
    const listed = await store.list({ shelf: 'open', idPrefix: '', limit: 1_000 });
    expect(new Set(listed.map(({ id }) => id)).size).toBe(250);
    expect(listed).toHaveLength(250);
  });

  test('what was recorded is there for whoever opens the store next', async () => {
    const { url } = await freshPlace();
    const before = await open(url);
    const { operation } = await before.begin(claimOf());
    await before.markSent(operation, null);
    await before.recordOutcome(operation, succeeded);
    await before.close();
    expect(await (await open(url)).begin(claimOf())).toMatchObject({ kind: 'done', outcome: succeeded });
  });

  test.each(POISONED)('a finished row with %s reads as unknown, and is not run again', async (_, column, value) => {
    const { url, edit } = await freshPlace();
    const store = await open(url);
    const { operation } = await store.begin(claimOf());
    await store.markSent(operation, null);
    await store.recordOutcome(operation, succeeded);
    await edit(`UPDATE hardened_mcp_operations SET ${column} = ${value === null ? 'NULL' : `'${value}'`}`);
    expect((await store.begin(claimOf())).kind).toBe('unknown');
    expect((await store.findById(operation.id))?.state).toBe('unknown');
  });

  test('a database that may lose what it confirmed is refused', async () => {
    const { url } = await freshPlace();
    const forgetful = new URL(url);
    forgetful.searchParams.set('options', `${forgetful.searchParams.get('options')} -csynchronous_commit=off`);
    await expect(open(forgetful.href)).rejects.toThrow(/synchronous_commit is off/);
  });

  test('every transition waits for the disk, whatever the session came with', async () => {
    const { url, edit } = await freshPlace();
    const hasty = new URL(url);
    hasty.searchParams.set('options', `${hasty.searchParams.get('options')} -csynchronous_commit=local`);
    const store = await open(hasty.href);
    await edit(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'commits are %', current_setting('synchronous_commit'); END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON hardened_mcp_operations FOR EACH ROW EXECUTE FUNCTION refuse();
    `);
    await expect(store.begin(claimOf())).rejects.toThrow(/commits are on/);
  });

  test('tables of a newer release are left alone', async () => {
    const { url, edit } = await freshPlace();
    await (await open(url)).close();
    await edit('UPDATE hardened_mcp_schema SET version = 3');
    await expect(open(url)).rejects.toThrow(/newer release/);
  });

  test('a role that may only read and write rows is enough once the tables are there', async () => {
    const { url, edit } = await freshPlace();
    await (await open(url)).close();
    const role = `role_${new URL(url).searchParams.get('options')?.split('=').at(-1)}`;
    await edit(`
      CREATE ROLE ${role} LOGIN;
      DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${role}', current_schema); END $$;
      GRANT SELECT ON hardened_mcp_schema TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON hardened_mcp_operations, hardened_mcp_counters, hardened_mcp_outbox
        TO ${role};
      GRANT SELECT, UPDATE ON hardened_mcp_epochs TO ${role};
      GRANT SELECT, USAGE ON SEQUENCE hardened_mcp_fences TO ${role};
    `);
    ends.push(() => edit(`DROP OWNED BY ${role}; DROP ROLE ${role}`));
    const asRole = new URL(url);
    asRole.username = role;
    const store = await open(asRole.href);
    expect((await store.begin(claimOf())).kind).toBe('claimed');
  });

  test.each([
    ['while it writes', 'TRIGGER refuse BEFORE INSERT', ''],
    ['as it commits', 'CONSTRAINT TRIGGER refuse AFTER INSERT', 'DEFERRABLE INITIALLY DEFERRED'],
  ])('a transition that fails %s leaves nothing behind', async (_, trigger, when) => {
    const { url, edit } = await freshPlace();
    const store = await open(url);
    await edit(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
      CREATE ${trigger} ON hardened_mcp_operations ${when} FOR EACH ROW EXECUTE FUNCTION refuse();
    `);
    await expect(store.begin(claimOf())).rejects.toThrow(StoreUnavailable);
    await edit('DROP TRIGGER refuse ON hardened_mcp_operations');
    expect((await store.begin(claimOf())).kind).toBe('claimed');
  });

  test.each([
    ['and are used at once', 0],
    ['while nobody used them', 50],
  ])('connections that broke %s are made again', async (_, pauseMs) => {
    const { url } = await freshPlace();
    const proxy = await proxyTo(url);
    ends.push(proxy.close);
    const store = await open(proxy.url);
    const { operation } = await store.begin(claimOf());
    proxy.cut();
    await sleep(pauseMs);
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

  test('what happens after the end is unavailable, like all else that goes wrong', async () => {
    const { url } = await freshPlace();
    const store = await open(url);
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
  ['nobody listens', 'postgres://ada:hunter2@127.0.0.1:1/test', /ECONNREFUSED/],
  ['the name means no host', 'postgres://ada:hunter2@database.invalid/test', /database\.invalid/],
  ['it is a URL of something else', 'https://ada:hunter2@127.0.0.1/test', /does not read postgres:/],
  ['it is no URL', 'postgres://ada:hunter2/@#127.0.0.1:x/test', /does not read postgres:/],
])('a database is unavailable, and its password not said, where %s', async (_, url, reason) => {
  const opening = openPostgresStore({ url, retentionMs: RETENTION_MS });
  await expect(opening).rejects.toThrow(StoreUnavailable);
  await expect(opening).rejects.toThrow(reason);
  await expect(opening).rejects.not.toThrow(/hunter2/);
});
