/** Where the operations of one run are kept: a part of a store that nobody else uses. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { postgresPlace, redisPlace } from '../kernel/idempotency/services.ts';
import type { StoreName } from './manifest.ts';
import { readPostgres, readRedis, readSqlite, type Rows } from './rows.ts';

export type Variables = Readonly<Record<string, string>>;

export interface StorePlace {
  /** What tells a server of it. */
  readonly variables: Variables;
  /** Opens the rows for reading; once the server has made them. */
  openRows(): Promise<Rows>;
  remove(): Promise<void>;
}

export const PLACES: Readonly<Record<StoreName, () => Promise<StorePlace>>> = {
  sqlite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crash-'));
    const path = join(folder, 'operations.sqlite');
    return {
      variables: { MCP_STORE_PATH: path },
      openRows: async () => readSqlite(path),
      remove: () => rm(folder, { recursive: true }),
    };
  },
  postgres: async () => {
    const { url, remove } = await postgresPlace();
    return { variables: { MCP_STORE_URL: url }, openRows: async () => readPostgres(url), remove };
  },
  redis: async () => {
    const { url, prefix, remove } = await redisPlace();
    return { variables: { MCP_STORE_URL: url }, openRows: () => readRedis(url, prefix), remove };
  },
};
