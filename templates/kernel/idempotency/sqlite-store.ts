/**
 * Operations in one SQLite file: for one machine, any number of processes. Every transition is one
 * transaction that is on disk before it returns; the clock is SQLite's.
 */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { readOperation, writeOperation } from './operation-row.ts';
import type { Operation } from './operation.ts';
import { unavailable, type OperationStore } from './store.ts';
import * as transitions from './transitions.ts';
import type { Step } from './transitions.ts';

export interface SqliteStoreOptions {
  /** The database file; it and its folder are made where they do not exist, for the owner's eyes only. */
  readonly path: string;
  /** How long finished operations are remembered. */
  readonly retentionMs: number;
}

const SCHEMA_VERSION = 1;
const BUSY_TIMEOUT_MS = 2_000;
/** Rows outlive their retention a little, and go a few at a time, so that no claim ever waits for a clean-up. */
const REMOVAL = { graceMs: 3_600_000, rows: 20 } as const;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS operations (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    fingerprint TEXT NOT NULL,
    tool TEXT NOT NULL,
    subject TEXT NOT NULL,
    tenant TEXT,
    state TEXT NOT NULL,
    fence INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    outcome TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS finished ON operations (updated_at) WHERE state IN ('done', 'released');
  CREATE TABLE IF NOT EXISTS fences (only INTEGER PRIMARY KEY CHECK (only = 1), last INTEGER NOT NULL) STRICT;
  INSERT OR IGNORE INTO fences VALUES (1, 0);
`;

/** Opens the store, or throws `StoreUnavailable`. */
export function openSqliteStore({ path, retentionMs }: SqliteStoreOptions): OperationStore {
  const database = orUnavailable(() => openDatabase(path));
  const statements = orUnavailable(() => prepareStatements(database));

  function now(): number {
    return Number(statements.now.get()?.['now']);
  }

  function current(key: string): Operation | undefined {
    const row = statements.byKey.get(key);
    return row === undefined ? undefined : readOperation(row);
  }

  function moment(): transitions.Moment {
    return { now: now(), lastFence: Number(statements.lastFence.get()?.['last']), retentionMs };
  }

  /** Reads, decides and writes while no other process can. */
  function apply<Result>(
    key: string,
    event: (current: Operation | undefined) => Step<Operation | undefined, Result>,
  ): Result {
    const before = current(key);
    const { next, result } = event(before);
    if (next !== undefined && next !== before) statements.put.run(writeOperation(next));
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

  return {
    async begin(claim) {
      return inTransaction(() => {
        const at = moment();
        const result = apply(claim.key, (before) => transitions.begin(before, claim, at));
        if (result.kind === 'claimed') statements.raiseFence.run(result.operation.fence);
        statements.removeExpired.run(at.now - retentionMs - REMOVAL.graceMs, REMOVAL.rows);
        return result;
      });
    },
    async peek(claim) {
      const { result } = orUnavailable(() => transitions.begin(current(claim.key), claim, moment()));
      return result.kind === 'claimed' ? undefined : result;
    },
    async markSent(claimed) {
      return inTransaction(() => apply(claimed.key, (before) => transitions.markSent(before, claimed, now())));
    },
    async recordOutcome(claimed, outcome) {
      return inTransaction(() =>
        apply(claimed.key, (before) => transitions.recordOutcome(before, { claimed, outcome }, now())),
      );
    },
    async release(claimed) {
      inTransaction(() => apply(claimed.key, (before) => transitions.release(before, claimed, now())));
    },
    async recordUnknown(claimed) {
      inTransaction(() => apply(claimed.key, (before) => transitions.recordUnknown(before, claimed, now())));
    },
    async findById(id) {
      return orUnavailable(() => {
        const row = statements.byId.get(id);
        return row === undefined ? undefined : transitions.asOf(readOperation(row), now());
      });
    },
    async now() {
      return orUnavailable(now);
    },
    async ping() {
      inTransaction(() => statements.lastFence.get());
    },
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

function openDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite would make the file readable for all; its -wal and -shm files take their mode from it.
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA synchronous = FULL;`);
  whenNotBusy(() => database.exec('PRAGMA journal_mode = WAL'));
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > SCHEMA_VERSION) {
    database.close();
    throw new Error(`the file was written by a newer release (schema ${version}, this one knows ${SCHEMA_VERSION})`);
  }
  database.exec(`BEGIN IMMEDIATE; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
  return database;
}

const SQLITE_BUSY = 5;
const PAUSE_MS = 10;

/** SQLite waits for other processes by itself, but not where it changes the journal mode, as they start together. */
function whenNotBusy(work: () => void): void {
  const latest = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      return work();
    } catch (error) {
      const busy = error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
      if (!busy || performance.now() > latest) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

function prepareStatements(database: DatabaseSync) {
  return {
    now: database.prepare("SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) AS now"),
    byKey: database.prepare('SELECT * FROM operations WHERE key = ?'),
    byId: database.prepare('SELECT * FROM operations WHERE id = ?'),
    put: database.prepare(
      `INSERT INTO operations
       (key, id, fingerprint, tool, subject, tenant, state, fence, lease_until, created_at, updated_at, outcome)
       VALUES (:key, :id, :fingerprint, :tool, :subject, :tenant, :state, :fence, :lease_until, :created_at,
               :updated_at, :outcome)
       ON CONFLICT (key) DO UPDATE SET
         id = excluded.id, fingerprint = excluded.fingerprint, tool = excluded.tool, subject = excluded.subject,
         tenant = excluded.tenant, state = excluded.state, fence = excluded.fence,
         lease_until = excluded.lease_until, created_at = excluded.created_at, updated_at = excluded.updated_at,
         outcome = excluded.outcome`,
    ),
    lastFence: database.prepare('SELECT last FROM fences'),
    raiseFence: database.prepare('UPDATE fences SET last = ?'),
    removeExpired: database.prepare(
      `DELETE FROM operations WHERE key IN
       (SELECT key FROM operations WHERE state IN ('done', 'released') AND updated_at <= ? LIMIT ?)`,
    ),
  };
}

function orUnavailable<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw unavailable(error);
  }
}
