/**
 * The store that tests run on: a schema for each test, in the PostgreSQL database that MCP_TEST_STORE_URL names.
 * Without that variable it is memory, and what takes several processes is not tested.
 */
import { randomBytes } from 'node:crypto';

import { Client } from 'pg';

import { parts, server } from '../../../src/generated/server.ts';
import { openMemoryStore } from '../../../src/kernel/idempotency/memory-store.ts';
import { writePath } from '../../../src/kernel/pipeline/write-path.ts';
import type { WritePath } from '../../../src/kernel/runtime.ts';
import type { OpenOptions } from '../../../src/kernel/settings.ts';

export interface TestStore {
  /** Under which a process of its own finds it, too; empty for memory. */
  readonly address: string;
  remove(): Promise<void>;
}

const DATABASE = process.env['MCP_TEST_STORE_URL'] ?? '';

/** A server that was killed leaves it behind. */
export const OUTLIVES_PROCESS: boolean = DATABASE !== '';

export async function makeStore(): Promise<TestStore> {
  if (DATABASE === '') return { address: '', remove: async () => {} };
  const schema = `test_${randomBytes(8).toString('hex')}`;
  const url = new URL(DATABASE);
  url.searchParams.set('options', `-csearch_path=${schema}`);
  await run(`CREATE SCHEMA ${schema}`);
  return { address: url.href, remove: () => run(`DROP SCHEMA ${schema} CASCADE`) };
}

export async function openStore(address: string, options: OpenOptions = {}): Promise<WritePath | undefined> {
  const { retentionMs } = server;
  if (address === '') {
    const store = openMemoryStore({ retentionMs });
    return writePath({ ...store, now: options.now ?? store.now }, retentionMs);
  }
  return parts.writes?.open(address, retentionMs, options);
}

/** The server as a process of its own, on this store. */
export function processOn({ address }: TestStore): ServerProcess {
  if (address === '') return { script: 'test/generated/harness/memory-server.ts', variables: {} };
  return { script: 'src/index.ts', variables: { MCP_STORE_URL: address } };
}

export interface ServerProcess {
  /** Relative to the project. */
  readonly script: string;
  readonly variables: Readonly<Record<string, string>>;
}

async function run(statement: string): Promise<void> {
  const client = new Client({ connectionString: DATABASE });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
