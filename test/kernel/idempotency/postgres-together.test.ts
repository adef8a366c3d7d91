import { Client } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';

import type { Cap } from '../../../templates/kernel/idempotency/claim.ts';
import { openPostgresStore } from '../../../templates/kernel/idempotency/postgres-store.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { claimOf, refused, succeeded } from './samples.ts';
import { postgresMissing, postgresPlace } from './services.ts';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function place() {
  const { url, edit, remove } = await postgresPlace();
  ends.push(remove);
  const open = async (): Promise<OperationStore> => {
    const store = await openPostgresStore({ url, retentionMs: 86_400_000 });
    ends.push(() => store.close());
    return store;
  };
  const connect = async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    ends.push(() => client.end());
    return client;
  };
  return { edit, open, connect };
}

/** How many statements of this schema wait for a lock that somebody else has. */
async function waiting(client: Client): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    `SELECT count(*) FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND pid IN (SELECT pid FROM pg_locks WHERE relation = to_regclass('hardened_mcp_epochs'))`,
  );
  return Number(rows[0]?.count);
}

describe.skipIf(postgresMissing !== '')(`on PostgreSQL${postgresMissing}`, () => {
  test('caps in any order, releases and clean-ups at once end, and count exactly', async () => {
    const { open, edit } = await place();
    const stores = await Promise.all([open(), open(), open()]);
    const caps: readonly Cap[] = ['a', 'b', 'c'].map((counter) => ({ counter, window: 'run', limit: 1_000 }));
    const work = async (index: number) => {
      const store = stores[index % 3];
      const mixed = index % 2 === 0 ? caps : caps.toReversed();
      const begun = await store?.begin(claimOf({ key: `key-${index}`, caps: mixed }));
      if (index % 3 === 0 && begun !== undefined) await store?.release(begun.operation);
      if (index % 10 === 0) await store?.reap({ idPrefix: '', finishedMs: 0, failedMs: 0, limit: 5 });
      return begun?.kind;
    };
    const kinds = await Promise.all(Array.from({ length: 90 }, (_, index) => work(index)));
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(90);
    await edit(`
      DO $$ BEGIN
        IF (SELECT array_agg(count ORDER BY name) FROM hardened_mcp_counters) <> ARRAY[60, 60, 60]::BIGINT[] THEN
          RAISE EXCEPTION 'counters are %', (SELECT array_agg(count) FROM hardened_mcp_counters);
        END IF;
      END $$`);
  });

  test('a hold begins when all claims that know of none are written', async () => {
    const { open, edit, connect } = await place();
    const [store, other, client] = [await open(), await open(), await connect()];
    await edit(`
      CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock(hashtext(current_schema)); RETURN NEW; END $$;
      CREATE TRIGGER pause BEFORE INSERT ON hardened_mcp_operations FOR EACH ROW EXECUTE FUNCTION pause();
    `);
    await client.query('SELECT pg_advisory_lock(hashtext(current_schema))');
    const order: string[] = [];
    const beginning = store.begin(claimOf({ irreversible: true })).then(({ kind }) => order.push(kind));
    await expect.poll(() => waiting(client)).toBe(1);
    const holding = other.hold(true).then(() => order.push('held'));
    const isHolding = `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND mode = 'ExclusiveLock'`;
    await expect.poll(async () => Number((await client.query(isHolding)).rows[0]?.count)).toBeGreaterThan(1);
    await client.query('SELECT pg_advisory_unlock(hashtext(current_schema))');
    await Promise.all([beginning, holding]);
    expect(order).toEqual(['claimed', 'held']);
  });

  test('a clean-up passes over what somebody is at work on', async () => {
    const { open, connect } = await place();
    const [store, client] = [await open(), await connect()];
    for (const key of ['a', 'b', 'c']) {
      const { operation } = await store.begin(claimOf({ key, caps: [{ counter: key, window: 'run', limit: 1 }] }));
      await (key === 'c' ? store.recordOutcome(operation, refused) : store.release(operation));
    }
    await client.query('UPDATE hardened_mcp_operations SET updated_at = 0');
    await client.query('UPDATE hardened_mcp_counters SET expires_at = 0');
    await client.query('BEGIN');
    await client.query(`SELECT * FROM hardened_mcp_operations WHERE key IN ('a', 'c') FOR UPDATE`);
    await client.query(`SELECT * FROM hardened_mcp_counters WHERE name = 'a' FOR UPDATE`);
    const keep = { idPrefix: '', finishedMs: 1, failedMs: 1, limit: 9 };
    expect(await store.reap(keep)).toBe(1);
    await client.query('COMMIT');
    const { rows } = await client.query('SELECT name FROM hardened_mcp_counters');
    expect(rows).toEqual([{ name: 'a' }]);
    expect(await store.reap(keep)).toBe(2);
  });

  test('successes and failures together are no more than are removed at once', async () => {
    const { open, edit } = await place();
    const store = await open();
    for (const key of ['a', 'b', 'c', 'd']) {
      const { operation } = await store.begin(claimOf({ key }));
      await store.recordOutcome(operation, key < 'c' ? succeeded : refused);
    }
    await edit('UPDATE hardened_mcp_operations SET updated_at = 0');
    const keep = { idPrefix: '', finishedMs: 1, failedMs: 1, limit: 3 };
    expect([await store.reap(keep), await store.reap(keep)]).toEqual([3, 1]);
  });

  test('entries are taken out by two at once', async () => {
    const { open } = await place();
    const [store, other] = [await open(), await open()];
    const ids = Array.from({ length: 50 }, (_, index) => `event-${index}`);
    for (const id of ids) {
      const { operation } = await store.begin(claimOf({ key: id }));
      await store.release(operation, { entry: { id, text: '{}' } });
    }
    await Promise.all([store.removeEntries(ids), other.removeEntries(ids.toReversed())]);
    await store.removeEntries(ids);
    expect(await store.entries(0, '')).toEqual([]);
  });

  test('a transition and its entry are written together, or neither is', async () => {
    const { open, edit } = await place();
    const store = await open();
    const { operation } = await store.begin(claimOf());
    await edit(`
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON hardened_mcp_outbox FOR EACH ROW EXECUTE FUNCTION refuse();
    `);
    const release = () => store.release(operation, { entry: { id: 'event-1', text: '{}' } });
    await expect(release()).rejects.toThrow(/disk full/);
    expect((await store.findById(operation.id))?.state).toBe('claimed');
    await edit('DROP TRIGGER refuse ON hardened_mcp_outbox');
    await release();
    expect(await store.entries(0, '')).toHaveLength(1);
  });
});
