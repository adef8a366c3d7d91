/** Audit in the PostgreSQL database that operations are kept in. No line of it can be changed; those past their time are removed. */
import type { ClientBase } from 'pg';

import { locateByUrl, STORE_URL } from '../config/store-url.ts';
import { openPostgresDatabase, type PostgresDatabase } from '../idempotency/postgres-database.ts';
import type { AuditLog, AuditLogKind } from './audit-log.ts';

export const postgresAudit: AuditLogKind = {
  variable: [`${STORE_URL} or ${STORE_URL}_FILE`, 'the PostgreSQL database that audit is kept in'],
  locate: locateByUrl('the URL of a PostgreSQL database'),
  open: async (url, realm) => {
    const database = await openPostgresDatabase(url, { connections: 2 });
    try {
      await database.transact(makeTables);
    } catch (error) {
      await database.close();
      throw error;
    }
    return logIn(database, realm);
  },
};

const TABLES = `
  CREATE TABLE hardened_mcp_audit (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    realm TEXT NOT NULL,
    process TEXT NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    line TEXT NOT NULL,
    UNIQUE (process, sequence)
  );
  CREATE INDEX hardened_mcp_audit_of_realm ON hardened_mcp_audit (realm, position);
  CREATE TABLE hardened_mcp_audit_ends
    (realm TEXT NOT NULL, process TEXT PRIMARY KEY, sequence BIGINT NOT NULL, hash TEXT NOT NULL);
  CREATE FUNCTION hardened_mcp_audit_stands() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'what audit says is not changed'; END $$;
  CREATE TRIGGER hardened_mcp_audit_stands BEFORE UPDATE OR TRUNCATE ON hardened_mcp_audit
    FOR EACH STATEMENT EXECUTE FUNCTION hardened_mcp_audit_stands();`;

/** Many processes may start at once: one of them makes the tables. A role that may not make them needs not to, later on. */
async function makeTables(client: ClientBase): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('hardened_mcp_schema'))`);
  const { rows } = await client.query<{ made: boolean }>(
    `SELECT to_regclass('hardened_mcp_audit') IS NOT NULL AS made`,
  );
  if (rows[0]?.made !== true) await client.query(TABLES);
}

const NOW = 'FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)';

const STATEMENTS = {
  append: `INSERT INTO hardened_mcp_audit (realm, process, sequence, at, line)
           SELECT $1, process, sequence, ${NOW}, line
           FROM unnest($2::TEXT[], $3::BIGINT[], $4::TEXT[]) WITH ORDINALITY AS lines (process, sequence, line, number)
           ORDER BY number`,
  page: `SELECT * FROM hardened_mcp_audit WHERE realm = $1 AND position > $2 AND at >= $3 ORDER BY position LIMIT $4`,
  remove: 'DELETE FROM hardened_mcp_audit WHERE realm = $1 AND position <= $2',
  putEnd: `INSERT INTO hardened_mcp_audit_ends AS ends VALUES ($1, $2, $3, $4) ON CONFLICT (process) DO UPDATE
           SET sequence = excluded.sequence, hash = excluded.hash WHERE excluded.sequence > ends.sequence`,
  ends: 'SELECT process, sequence, hash FROM hardened_mcp_audit_ends WHERE realm = $1',
  now: `SELECT ${NOW} AS now`,
} as const;

function logIn(database: PostgresDatabase, realm: string): AuditLog {
  return {
    append: (lines) =>
      database.transact(async (client) => {
        const columns = [
          lines.map(({ process: name }) => name),
          lines.map(({ sequence }) => sequence),
          lines.map(({ line }) => line),
        ];
        await client.query(STATEMENTS.append, [realm, ...columns]);
      }),
    page: async ({ after = '0', since = 0, limit }) => {
      const rows = await database.read(STATEMENTS.page, [realm, after, since, limit]);
      return rows.map((row) => ({
        position: String(row['position']),
        process: String(row['process']),
        sequence: Number(row['sequence']),
        at: Number(row['at']),
        line: String(row['line']),
      }));
    },
    remove: (upTo, ends) =>
      database.transact(async (client) => {
        // In one order for all, so that no two servers wait for each other.
        for (const [name, { sequence, hash }] of [...ends].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
          await client.query(STATEMENTS.putEnd, [realm, name, sequence, hash]);
        }
        await client.query(STATEMENTS.remove, [realm, upTo]);
      }),
    ends: async () => {
      const rows = await database.read(STATEMENTS.ends, [realm]);
      return new Map(
        rows.map((row) => [String(row['process']), { sequence: Number(row['sequence']), hash: String(row['hash']) }]),
      );
    },
    now: async () => Number((await database.read(STATEMENTS.now, []))[0]?.['now']),
    close: () => database.close(),
  };
}
