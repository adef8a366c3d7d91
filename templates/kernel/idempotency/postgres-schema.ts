/** The tables in PostgreSQL: made, and brought up to date. */
import type { ClientBase } from 'pg';

/** What each version adds to the one before: the first to an empty schema. */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE hardened_mcp_schema (version INTEGER NOT NULL);
   INSERT INTO hardened_mcp_schema VALUES (1);
   CREATE SEQUENCE hardened_mcp_fences;
   CREATE TABLE hardened_mcp_operations (
     key TEXT PRIMARY KEY,
     id TEXT NOT NULL UNIQUE,
     fingerprint TEXT NOT NULL,
     tool TEXT NOT NULL,
     subject TEXT NOT NULL,
     tenant TEXT,
     state TEXT NOT NULL,
     fence BIGINT NOT NULL,
     lease_until BIGINT NOT NULL,
     created_at BIGINT NOT NULL,
     updated_at BIGINT NOT NULL,
     outcome TEXT
   );`,
  `ALTER TABLE hardened_mcp_operations
     ADD COLUMN details TEXT, ADD COLUMN shelf TEXT, ADD COLUMN stands_until BIGINT;
   UPDATE hardened_mcp_operations SET shelf = 'open' WHERE state IN ('claimed', 'sent', 'unknown');
   UPDATE hardened_mcp_operations SET shelf = 'failed' WHERE state = 'done' AND outcome LIKE '{"ok":false%';
   DROP INDEX IF EXISTS hardened_mcp_finished;
   CREATE INDEX hardened_mcp_shelved ON hardened_mcp_operations (shelf, updated_at);
   CREATE TABLE hardened_mcp_counters (name TEXT PRIMARY KEY, count BIGINT NOT NULL, expires_at BIGINT NOT NULL);
   CREATE TABLE hardened_mcp_outbox (id TEXT PRIMARY KEY, at BIGINT NOT NULL, text TEXT NOT NULL);
   CREATE TABLE hardened_mcp_epochs (number BIGINT NOT NULL, held BOOLEAN NOT NULL);
   INSERT INTO hardened_mcp_epochs VALUES (1, false);`,
];

/** Throws where a newer release made the tables. Many processes may start at once: one of them migrates. */
export async function migratePostgres(client: ClientBase): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('hardened_mcp_schema'))`);
  const version = await versionOf(client);
  if (version > MIGRATIONS.length) {
    throw new Error(`its tables were made by a newer release (schema ${version}, this one knows ${MIGRATIONS.length})`);
  }
  if (version === MIGRATIONS.length) return;
  for (const migration of MIGRATIONS.slice(version)) await client.query(migration);
  await client.query('UPDATE hardened_mcp_schema SET version = $1', [MIGRATIONS.length]);
}

/** 0 where there are no tables yet. */
async function versionOf(client: ClientBase): Promise<number> {
  const { rows: found } = await client.query<{ made: boolean }>(
    `SELECT to_regclass('hardened_mcp_schema') IS NOT NULL AS made`,
  );
  if (found[0]?.made !== true) return 0;
  const { rows } = await client.query<{ version: number }>('SELECT version FROM hardened_mcp_schema');
  return rows[0]?.version ?? 0;
}
