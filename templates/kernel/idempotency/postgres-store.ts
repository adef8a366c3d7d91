/**
 * Operations in PostgreSQL: for any number of processes on any number of machines. Every transition is one
 * transaction that is on disk before it returns; the clock is the database's.
 */
import type { ClientBase } from 'pg';

import type { Decide, Ledger } from './ledger.ts';
import { listPages, positionAfter, type RowPosition } from './list-pages.ts';
import { readOperation, writeOperation } from './operation-row.ts';
import { operationStore } from './operation-store.ts';
import type { Operation } from './operation.ts';
import { openPostgresDatabase, type PostgresDatabase, type Row } from './postgres-database.ts';
import { statements } from './postgres-statements.ts';
import type { Entry, Epoch, ListQuery, OperationStore } from './store.ts';
import type { Charge, Current, Moment } from './transitions/moment.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database?sslmode=verify-full`; the tables are made where they do not exist. */
  readonly url: string;
  /** How long finished operations are remembered. */
  readonly retentionMs: number;
}

/** Later than any time on record: the highest that the column holds. */
const LATEST = '9223372036854775807';

/** Opens the store, or throws `StoreUnavailable`: also where the database could lose what it confirmed. */
export async function openPostgresStore({ url, retentionMs }: PostgresStoreOptions): Promise<OperationStore> {
  return operationStore(postgresLedger(await openPostgresDatabase(url), retentionMs));
}

function postgresLedger(database: PostgresDatabase, retentionMs: number): Ledger {
  const momentOf = (row: Row | undefined): Moment => ({
    now: Number(row?.['now']),
    lastFence: Number(row?.['last_fence']),
    retentionMs,
    held: row?.['held'] === true,
  });
  const now = async (): Promise<number> => momentOf((await database.read(statements.moment, []))[0]).now;

  /** Runs within a transaction, while no other process can change the operation under this key. */
  async function change<Result>(client: ClientBase, key: string, decide: Decide<Result>, entry?: Entry) {
    await client.query(statements.lockKey, [key]);
    const before = currentOf((await client.query<Row>(statements.byKey, [key])).rows[0]);
    const at = momentOf((await client.query<Row>(statements.moment)).rows[0]);
    const decided = decide(before, at);
    if (decided.next === undefined || decided.next === before) return decided.result;
    const isClaim = decided.next.state === 'claimed' && decided.next.fence !== before?.fence;
    // Others may have claimed other keys since the moment was read; the decision to claim is the same.
    const step = isClaim ? decide(before, { ...at, lastFence: (await drawFence(client)) - 1 }) : decided;
    const { next = decided.next, result, charge = [], whenFull, refund = [] } = step;
    const full = await raiseCounters(client, charge);
    if (full !== undefined && whenFull !== undefined) return whenFull(full);
    for (const counter of refund.toSorted()) await client.query(statements.lowerCounter, [counter]);
    await put(client, next);
    if (entry !== undefined) await client.query(statements.putEntry, [entry.id, at.now, entry.text]);
    return result;
  }

  async function readPage({ shelf, idPrefix }: ListQuery, { updatedAt, id }: RowPosition<string>) {
    const rows = await database.read(statements.byShelf, [shelf, idPrefix, updatedAt, id]);
    return { operations: rows.map(readOperation), next: positionAfter(rows, String) };
  }

  return {
    change: (key, decide, entry) => database.transact((client) => change(client, key, decide, entry)),
    async look(by) {
      const [statement, value] = 'key' in by ? [statements.lookByKey, by.key] : [statements.lookById, by.id];
      const [row] = await database.read(statement, [value]);
      return { found: row?.['key'] === null ? undefined : currentOf(row), at: momentOf(row) };
    },
    list: (query) => listPages(query, { first: { updatedAt: LATEST, id: '' }, read: (from) => readPage(query, from) }),
    reap: ({ idPrefix, finishedMs, failedMs, limit }) =>
      database.transact(async (client) => {
        const at = momentOf((await client.query<Row>(statements.moment)).rows[0]).now;
        await client.query(statements.removeCounters, [at, limit]);
        const finished =
          (await client.query(statements.removeFinished, [at - finishedMs, at, idPrefix, limit])).rowCount ?? 0;
        const failed =
          (await client.query(statements.removeFailed, [at - failedMs, idPrefix, limit - finished])).rowCount ?? 0;
        return finished + failed;
      }),
    async entries(olderThanMs, idPrefix) {
      const rows = await database.read(statements.entries, [(await now()) - olderThanMs, idPrefix]);
      return rows.map(({ id, text }) => ({ id: String(id), text: String(text) }));
    },
    removeEntries: (ids) =>
      database.transact(async (client) => void (await client.query(statements.removeEntries, [ids]))),
    hold: (held) =>
      database.transact(async (client) => {
        await client.query(statements.lockEpoch);
        return epochOf((await client.query<Row>(statements.hold, [held])).rows[0]);
      }),
    now,
    ping: () => database.transact(async (client) => void (await client.query(statements.moment))),
    close: () => database.close(),
  };
}

/**
 * Raises each counter by one, and answers the first that is full; then none is raised. In one order for all, so that
 * no two transactions wait for each other.
 */
async function raiseCounters(client: ClientBase, charges: readonly Charge[]): Promise<Charge | undefined> {
  if (charges.length === 0) return undefined;
  await client.query('SAVEPOINT charges');
  const full = new Set<Charge>();
  for (const one of charges.toSorted(byCounter)) {
    const { rowCount } = await client.query(statements.raiseCounter, [one.counter, one.limit, one.expiresAt]);
    if (rowCount === 0) full.add(one);
  }
  if (full.size > 0) await client.query('ROLLBACK TO SAVEPOINT charges');
  return charges.find((one) => full.has(one));
}

function byCounter({ counter: one }: Charge, { counter: other }: Charge): number {
  return one < other ? -1 : 1;
}

async function drawFence(client: ClientBase): Promise<number> {
  const { rows } = await client.query<Row>(statements.drawFence);
  return Number(rows[0]?.['fence']);
}

async function put(client: ClientBase, operation: Operation): Promise<void> {
  const row = writeOperation(operation);
  await client.query(statements.put(Object.keys(row)), Object.values(row));
}

function currentOf(row: Row | undefined): Current {
  return row === undefined ? undefined : readOperation(row);
}

function epochOf(row: Row | undefined): Epoch {
  return { number: Number(row?.['number']), held: row?.['held'] === true };
}
