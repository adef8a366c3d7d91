/** The SQLite file: made, opened and brought up to date. */
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const SCHEMA_VERSION = 2;
const BUSY_TIMEOUT_MS = 2_000;

/** What each version adds to the one before: the first to an empty file. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE operations (
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
   CREATE TABLE fences (only INTEGER PRIMARY KEY CHECK (only = 1), last INTEGER NOT NULL) STRICT;
   INSERT INTO fences VALUES (1, 0);`,
  `ALTER TABLE operations ADD COLUMN details TEXT;
   ALTER TABLE operations ADD COLUMN shelf TEXT;
   ALTER TABLE operations ADD COLUMN stands_until INTEGER;
   UPDATE operations SET shelf = 'open' WHERE state IN ('claimed', 'sent', 'unknown');
   UPDATE operations SET shelf = 'failed' WHERE state = 'done' AND outcome LIKE '{"ok":false%';
   DROP INDEX IF EXISTS finished;
   CREATE INDEX shelved ON operations (shelf, updated_at);
   CREATE TABLE counters (name TEXT PRIMARY KEY, count INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
   CREATE TABLE outbox (id TEXT PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT;
   CREATE TABLE epochs (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL, held INTEGER NOT NULL) STRICT;
   INSERT INTO epochs VALUES (1, 1, 0);`,
];

/** Throws where the file cannot be used, also because a newer release wrote it. */
export function openSqliteDatabase(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite would make the file readable for all; its -wal and -shm files take their mode from it.
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA synchronous = FULL;`);
    whenNotBusy(() => database.exec('PRAGMA journal_mode = WAL'));
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Several processes may start together: one of them migrates. */
function migrate(database: DatabaseSync): void {
  const version = (): number => Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version() > SCHEMA_VERSION) {
    throw new Error(`the file was written by a newer release (schema ${version()}, this one knows ${SCHEMA_VERSION})`);
  }
  if (version() === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  for (const migration of MIGRATIONS.slice(version())) database.exec(migration);
  database.exec(`PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT;`);
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
