/**
 * The store that tests run on: keys under a prefix for each test, in the Redis that MCP_TEST_STORE_URL names.
 * Without that variable it is memory, and what takes several processes is not tested.
 */
import { randomBytes } from 'node:crypto';

import { createClient } from 'redis';

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

const REDIS = process.env['MCP_TEST_STORE_URL'] ?? '';

/** A server that was killed leaves it behind. */
export const OUTLIVES_PROCESS: boolean = REDIS !== '';

export async function makeStore(): Promise<TestStore> {
  if (REDIS === '') return { address: '', remove: async () => {} };
  const prefix = `{test-${randomBytes(8).toString('hex')}}:`;
  const url = new URL(REDIS);
  url.searchParams.set('prefix', prefix);
  return { address: url.href, remove: () => removeKeys(prefix) };
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

async function removeKeys(prefix: string): Promise<void> {
  const client = createClient({ url: REDIS });
  await client.connect();
  for await (const keys of client.scanIterator({ MATCH: `${prefix}*` })) {
    if (keys.length > 0) await client.del(keys);
  }
  await client.close();
}
