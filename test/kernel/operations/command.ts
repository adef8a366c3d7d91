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

/** The command as bo runs it, who may approve refunds. `place`: the variables that say where the store is. */
export async function runCommand(flags: readonly string[], place: Variables): Promise<Ran> {
  const bo = { MCP_ENVIRONMENT: 'test', MCP_SUBJECT: 'bo', MCP_SCOPES: 'refunds:approve' };
  const served = startServed(flags, { PATH: process.env['PATH'] ?? '', ...bo, ...place }, OPERATED);
  return { code: await served.exited, ...served.output() };
}

/** A store in a file, and the command on it. */
export function openFile() {
  const path = freshFile();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  onTestFinished(() => store.close());
  const operations = (flags: readonly string[], changes: Variables = {}): Promise<Ran> =>
    runCommand(flags, { MCP_STORE_PATH: path, ...changes });
  return { store, path, operations };
}
