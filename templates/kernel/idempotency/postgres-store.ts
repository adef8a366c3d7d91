/**
 * Operations in PostgreSQL: for any number of processes on any number of machines. Every transition is one
 * transaction that is on disk before it returns; the clock is the database's.
 */
import type { ClientBase } from 'pg';

import { readOperation, writeOperation } from './operation-row.ts';
import type { Operation } from './operation.ts';
import { openPostgresDatabase } from './postgres-database.ts';
import type { OperationStore } from './store.ts';
import * as transitions from './transitions.ts';
import type { Moment, Step } from './transitions.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database?sslmode=verify-full`; the tables are made where they do not exist. */
  readonly url: string;
  /** How long finished operations are remembered. */
  readonly retentionMs: number;
}

/** Rows outlive their retention a little, and go a few at a time, so that no claim ever waits for a clean-up. */
const REMOVAL = { graceMs: 3_600_000, rows: 20 } as const;

const MOMENT = `
  FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS now,
  CASE WHEN is_called THEN last_value ELSE 0 END AS last_fence
`;

/** Opens the store, or throws `StoreUnavailable`: also where the database could lose what it confirmed. */
export async function openPostgresStore({ url, retentionMs }: PostgresStoreOptions): Promise<OperationStore> {
  const database = await openPostgresDatabase(url);

  /** Reads, decides and writes while no other process can do so with this key. */
  async function apply<Result>(
    key: string,
    event: (current: Operation | undefined, at: Moment) => Step<Operation | undefined, Result>,
  ): Promise<Result> {
    return database.transact(async (client) => {
      const before = await lockOperation(client, key);
      const at = await readMoment(client);
      const decided = event(before, at);
      if (decided.next === undefined || decided.next === before) return decided.result;
      if (decided.next.state !== 'claimed') {
        await put(client, decided.next);
        return decided.result;
      }
      // Others may have claimed other keys since the moment was read; the decision to claim is the same.
      const { next = decided.next, result } = event(before, { ...at, lastFence: (await drawFence(client)) - 1 });
      await put(client, next);
      await removeExpired(client, at.now - retentionMs - REMOVAL.graceMs);
      return result;
    });
  }

  function momentOf(row: Readonly<Record<string, unknown>>): Moment {
    return { now: Number(row['now']), lastFence: Number(row['last_fence']), retentionMs };
  }

  async function readMoment(client: ClientBase): Promise<Moment> {
    const { rows } = await client.query<Record<string, unknown>>(`SELECT ${MOMENT} FROM hardened_mcp_fences`);
    return momentOf(rows[0] ?? {});
  }

  /** The operation whose column has this value, and the moment at which it was looked at. */
  async function look(column: 'key' | 'id', value: string) {
    const row = await database.read(
      `SELECT ${MOMENT}, operations.* FROM hardened_mcp_fences
       LEFT JOIN hardened_mcp_operations AS operations ON operations.${column} = $1`,
      [value],
    );
    return {
      at: momentOf(row ?? {}),
      found: row === undefined || row['key'] === null ? undefined : readOperation(row),
    };
  }

  return {
    async begin(claim) {
      const { found, at } = await look('key', claim.key);
      const seen = transitions.begin(found, claim, at);
      // Most repeats change nothing, so that they need not wait for each other's lock.
      if (seen.next === found) return seen.result;
      return apply(claim.key, (before, now) => transitions.begin(before, claim, now));
    },
    async peek(claim) {
      const { found, at } = await look('key', claim.key);
      const { result } = transitions.begin(found, claim, at);
      return result.kind === 'claimed' ? undefined : result;
    },
    async markSent(claimed) {
      return apply(claimed.key, (before, { now }) => transitions.markSent(before, claimed, now));
    },
    async recordOutcome(claimed, outcome) {
      return apply(claimed.key, (before, { now }) => transitions.recordOutcome(before, { claimed, outcome }, now));
    },
    async release(claimed) {
      await apply(claimed.key, (before, { now }) => transitions.release(before, claimed, now));
    },
    async recordUnknown(claimed) {
      await apply(claimed.key, (before, { now }) => transitions.recordUnknown(before, claimed, now));
    },
    async findById(id) {
      const { found, at } = await look('id', id);
      return found && transitions.asOf(found, at.now);
    },
    async now() {
      return momentOf((await database.read(`SELECT ${MOMENT} FROM hardened_mcp_fences`, [])) ?? {}).now;
    },
    async ping() {
      await database.transact(readMoment);
    },
    async close() {
      await database.close();
    },
  };
}

/** The lock is on the key, because a key that is new has no row yet that could be locked. */
async function lockOperation(client: ClientBase, key: string): Promise<Operation | undefined> {
  await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
  const { rows } = await client.query<Record<string, unknown>>(
    'SELECT * FROM hardened_mcp_operations WHERE key = $1 FOR UPDATE',
    [key],
  );
  return rows[0] && readOperation(rows[0]);
}

async function drawFence(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ fence: string }>(`SELECT nextval('hardened_mcp_fences') AS fence`);
  return Number(rows[0]?.fence);
}

async function put(client: ClientBase, operation: Operation): Promise<void> {
  const row = writeOperation(operation);
  const columns = Object.keys(row);
  await client.query(
    `INSERT INTO hardened_mcp_operations (${columns.join(', ')})
     VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})
     ON CONFLICT (key) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    Object.values(row),
  );
}

async function removeExpired(client: ClientBase, before: number): Promise<void> {
  await client.query(
    `DELETE FROM hardened_mcp_operations WHERE key IN
     (SELECT key FROM hardened_mcp_operations WHERE state IN ('done', 'released') AND updated_at <= $1
      LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [before, REMOVAL.rows],
  );
}
