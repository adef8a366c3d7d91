/** Runs the command of operators on a SQLite file. */
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { startServed } from '../transport/process.ts';
import { RETENTION_MS } from './declaration.ts';
import { freshFile } from './desks.ts';

const OPERATED = fileURLToPath(new URL('operated.ts', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Variables = Readonly<Record<string, string>>;

/** A store, and the command on it; bo runs it, who may approve refunds. */
export function openFile() {
  const path = freshFile();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  onTestFinished(() => store.close());
  const operations = async (flags: readonly string[], changes: Variables = {}): Promise<Ran> => {
    const environment = {
      PATH: process.env['PATH'] ?? '',
      MCP_STORE_PATH: path,
      MCP_ENVIRONMENT: 'test',
      MCP_SUBJECT: 'bo',
      MCP_SCOPES: 'refunds:approve',
      ...changes,
    };
    const served = startServed(flags, environment, OPERATED);
    return { code: await served.exited, ...served.output() };
  };
  return { store, path, operations };
}
