/**
 * What stands in a store, read as the server reads it: the one place here that knows how the kernel keeps its
 * operations.
 */
import { DatabaseSync } from 'node:sqlite';

import { Pool } from 'pg';
import { createClient } from 'redis';

import { readOperation } from '../../templates/kernel/idempotency/operation-row.ts';
import type { Operation } from '../../templates/kernel/idempotency/operation.ts';

export interface Rows {
  /** The operation of this key, as it was last written. */
  find(key: string): Promise<Operation | undefined>;
  all(): Promise<readonly Operation[]>;
  close(): Promise<void>;
}

export function readSqlite(path: string): Rows {
  const database = new DatabaseSync(path, { readOnly: true });
  const one = database.prepare('SELECT * FROM operations WHERE key = ?');
  const every = database.prepare('SELECT * FROM operations');
  return {
    find: async (key) => {
      const row = one.get(key);
      return row === undefined ? undefined : readOperation(row);
    },
    all: async () => every.all().map(readOperation),
    close: async () => database.close(),
  };
}

export function readPostgres(url: string): Rows {
  const pool = new Pool({ connectionString: url, max: 1 });
  // A connection may break while nobody uses it; the next one to ask gets another.
  pool.on('error', () => {});
  const select = async (condition: string, values: readonly string[]) => {
    const statement = `SELECT * FROM hardened_mcp_operations ${condition}`;
    const { rows } = await pool.query<Record<string, unknown>>(statement, [...values]);
    return rows.map(readOperation);
  };
  return {
    find: async (key) => (await select('WHERE key = $1', [key]))[0],
    all: () => select('', []),
    close: () => pool.end(),
  };
}

export async function readRedis(url: string, prefix: string): Promise<Rows> {
  const client = createClient({ url });
  // It connects again by itself.
  client.on('error', () => {});
  await client.connect();
  const read = async (name: string) => {
    const row = await client.hGetAll(name);
    return 'key' in row ? readOperation({ tenant: null, ...row }) : undefined;
  };
  return {
    find: (key) => read(`${prefix}operation:${key}`),
    all: async () => {
      const rows: Operation[] = [];
      for await (const names of client.scanIterator({ MATCH: `${prefix}operation:*`, COUNT: 1_000 })) {
        const found = await Promise.all(names.map(read));
        rows.push(...found.filter((row) => row !== undefined));
      }
      // A scan may name a key twice.
      return [...new Map(rows.map((row) => [row.key, row])).values()];
    },
    close: async () => client.destroy(),
  };
}
