/** Audit in the SQLite file that operations are kept in. No line of it can be changed; those past their time are removed. */
import type { DatabaseSync } from 'node:sqlite';

import { openSqliteDatabase } from '../idempotency/sqlite-database.ts';
import { locateSqlite, STORE_PATH } from '../idempotency/sqlite-place.ts';
import { unavailable } from '../idempotency/store.ts';
import type { AuditLog, AuditLogKind } from './audit-log.ts';

export const sqliteAudit: AuditLogKind = {
  variable: [STORE_PATH, 'the file that audit is kept in; unset: data/<server>.sqlite'],
  locate: locateSqlite,
  open: async (path, realm) => orUnavailable(() => openLog(openSqliteDatabase(path), realm)),
};

const TABLES = `
  BEGIN IMMEDIATE;
  CREATE TABLE IF NOT EXISTS audit (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    realm TEXT NOT NULL,
    process TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    line TEXT NOT NULL,
    UNIQUE (process, sequence)
  ) STRICT;
  CREATE INDEX IF NOT EXISTS audit_of_realm ON audit (realm, position);
  CREATE TABLE IF NOT EXISTS audit_ends
    (realm TEXT NOT NULL, process TEXT PRIMARY KEY, sequence INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE TRIGGER IF NOT EXISTS audit_stands BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'what audit says is not changed'); END;
  COMMIT;`;

const NOW = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

function openLog(database: DatabaseSync, realm: string): AuditLog {
  database.exec(TABLES);
  const insert = database.prepare(`INSERT INTO audit (realm, process, sequence, at, line) VALUES (?, ?, ?, ${NOW}, ?)`);
  const select = database.prepare(
    'SELECT * FROM audit WHERE realm = ? AND position > ? AND at >= ? ORDER BY position LIMIT ?',
  );
  const removeLines = database.prepare('DELETE FROM audit WHERE realm = ? AND position <= ?');
  const putEnd = database.prepare(
    `INSERT INTO audit_ends VALUES (?, ?, ?, ?) ON CONFLICT (process) DO UPDATE
     SET sequence = excluded.sequence, hash = excluded.hash WHERE excluded.sequence > sequence`,
  );
  const selectEnds = database.prepare('SELECT process, sequence, hash FROM audit_ends WHERE realm = ?');
  const now = database.prepare(`SELECT ${NOW} AS now`);

  function inTransaction(work: () => void): void {
    orUnavailable(() => {
      database.exec('BEGIN IMMEDIATE');
      try {
        work();
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    });
  }

  return {
    append: async (lines) =>
      inTransaction(() => {
        for (const { process: name, sequence, line } of lines) insert.run(realm, name, sequence, line);
      }),
    page: async ({ after = '0', since = 0, limit }) =>
      orUnavailable(() =>
        select.all(realm, Number(after), since, limit).map((row) => ({
          position: String(row['position']),
          process: String(row['process']),
          sequence: Number(row['sequence']),
          at: Number(row['at']),
          line: String(row['line']),
        })),
      ),
    remove: async (upTo, ends) =>
      inTransaction(() => {
        for (const [name, { sequence, hash }] of ends) putEnd.run(realm, name, sequence, hash);
        removeLines.run(realm, Number(upTo));
      }),
    ends: async () =>
      orUnavailable(
        () =>
          new Map(
            selectEnds
              .all(realm)
              .map((row) => [String(row['process']), { sequence: Number(row['sequence']), hash: String(row['hash']) }]),
          ),
      ),
    now: async () => orUnavailable(() => Number(now.get()?.['now'])),
    close: async () => {
      if (database.isOpen) database.close();
    },
  };
}

function orUnavailable<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw unavailable(error);
  }
}
