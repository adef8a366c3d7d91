/** The store that tests run on: of the kind that the manifest chose, a new one for each test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parts, server } from '../../../src/generated/server.ts';
import type { WritePath } from '../../../src/kernel/runtime.ts';
import type { OpenOptions } from '../../../src/kernel/settings.ts';

export interface TestStore {
  /** Under which a process of its own finds it, too. */
  readonly address: string;
  remove(): Promise<void>;
}

/** A server that was killed leaves it behind. */
export const OUTLIVES_PROCESS: boolean = true;

export async function makeStore(): Promise<TestStore> {
  const directory = mkdtempSync(join(tmpdir(), 'generated-test-'));
  return {
    address: join(directory, 'store.sqlite'),
    remove: async () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Absent where no tool writes. */
export async function openStore(address: string, options: OpenOptions = {}): Promise<WritePath | undefined> {
  return parts.writes?.open(address, server.retentionMs, options);
}

/** The server as a process of its own, on this store. */
export function processOn({ address }: TestStore): ServerProcess {
  return { script: 'src/index.ts', variables: { MCP_STORE_PATH: address } };
}

export interface ServerProcess {
  /** Relative to the project. */
  readonly script: string;
  readonly variables: Readonly<Record<string, string>>;
}
