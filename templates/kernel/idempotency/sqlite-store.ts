/**
 * Operations in one SQLite file: for one machine, any number of processes. Every transition is one
 * transaction that is on disk before it returns; the clock is SQLite's.
 */
import type { DatabaseSync } from 'node:sqlite';

import type { Decide, Ledger } from './ledger.ts';
import { listPages, positionAfter, type RowPosition } from './list-pages.ts';
import { readOperation, writeOperation } from './operation-row.ts';
import { operationStore } from './operation-store.ts';
import { openSqliteDatabase } from './sqlite-database.ts';
import { prepareStatements } from './sqlite-statements.ts';
import { unavailable, type Entry, type Epoch, type ListQuery, type OperationStore } from './store.ts';
import type { Charge, Current, Moment } from './transitions/moment.ts';

export interface SqliteStoreOptions {
  /** The database file; it and its folder are made where they do not exist, for the owner's eyes only. */
  readonly path: string;
  /** How long finished operations are remembered. */
  readonly retentionMs: number;
}

/** Opens the store, or throws `StoreUnavailable`. */
export function openSqliteStore({ path, retentionMs }: SqliteStoreOptions): OperationStore {
  return orUnavailable(() => operationStore(sqliteLedger(openSqliteDatabase(path), retentionMs)));
}

function sqliteLedger(database: DatabaseSync, retentionMs: number): Ledger {
  const statements = prepareStatements(database);
  const now = (): number => Number(statements.now.get()?.['now']);
  const epoch = (): Epoch => epochOf(statements.epoch.get());

  function moment(): Moment {
    const lastFence = Number(statements.lastFence.get()?.['last']);
    return { now: now(), lastFence, retentionMs, held: epoch().held };
  }

  function isFull({ counter, limit }: Charge): boolean {
    return Number(statements.countOf.get(counter)?.['count'] ?? 0) >= limit;
  }

  /** Runs within a transaction, so that no other process comes between. */
  function change<Result>(key: string, decide: Decide<Result>, entry?: Entry): Result {
    const before = currentOf(statements.byKey.get(key));
    const { next, result, charge = [], whenFull, refund = [] } = decide(before, moment());
    if (next === undefined || next === before) return result;
    const full = charge.find(isFull);
    if (full !== undefined && whenFull !== undefined) return whenFull(full);
    statements.put.run(writeOperation(next));
    statements.raiseFence.run(next.fence);
    for (const { counter, expiresAt } of charge) statements.raiseCounter.run({ name: counter, expiresAt });
    for (const counter of refund) statements.lowerCounter.run(counter);
    if (entry !== undefined) statements.putEntry.run({ id: entry.id, at: now(), text: entry.text });
    return result;
  }

  function inTransaction<Result>(work: () => Result): Result {
    return orUnavailable(() => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  function readPage({ shelf, idPrefix }: ListQuery, { updatedAt, id }: RowPosition<number>) {
    return orUnavailable(() => {
      const rows = statements.byShelf.all(shelf, idPrefix, updatedAt, id);
      return { operations: rows.map(readOperation), next: positionAfter(rows, Number) };
    });
  }

  return {
    change: async (key, decide, entry) => inTransaction(() => change(key, decide, entry)),
    look: async (by) =>
      orUnavailable(() => {
        const row = 'key' in by ? statements.byKey.get(by.key) : statements.byId.get(by.id);
        return { found: currentOf(row), at: moment() };
      }),
    list: (query) =>
      listPages(query, { first: { updatedAt: Infinity, id: '' }, read: (from) => readPage(query, from) }),
    reap: async ({ idPrefix, finishedMs, failedMs, limit }) =>
      inTransaction(() => {
        const at = now();
        statements.removeCounters.run(at);
        const finished = Number(statements.removeFinished.run(at - finishedMs, at, idPrefix, limit).changes);
        return finished + Number(statements.removeFailed.run(at - failedMs, idPrefix, limit - finished).changes);
      }),
    entries: async (olderThanMs, idPrefix) =>
      orUnavailable(() =>
        statements.entries
          .all(now() - olderThanMs, idPrefix)
          .map(({ id, text }) => ({ id: String(id), text: String(text) })),
      ),
    removeEntries: async (ids) =>
      inTransaction(() => {
        for (const id of ids) statements.removeEntry.run(id);
      }),
    hold: async (held) => inTransaction(() => epochOf(statements.hold.get(held ? 1 : 0))),
    now: async () => orUnavailable(now),
    ping: async () => void inTransaction(() => statements.lastFence.get()),
    close: async () => {
      if (database.isOpen) database.close();
    },
  };
}

function currentOf(row: Record<string, unknown> | undefined): Current {
  return row === undefined ? undefined : readOperation(row);
}

function epochOf(row: Record<string, unknown> | undefined): Epoch {
  return { number: Number(row?.['number']), held: Number(row?.['held']) === 1 };
}

function orUnavailable<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw unavailable(error);
  }
}
