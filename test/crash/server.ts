/**
 * A generated server that starts cheaply: its sources, unchanged, put into one file, because finding and loading
 * hundreds of them takes longer than all that they do.
 */
import { join } from 'node:path';

import { execa } from 'execa';
import { rolldown } from 'rolldown';

import { breakFile, createProject, type Change } from '../generated-tests/project.ts';
import { manifestFor, type ManifestOptions } from './manifest.ts';
import type { Variables } from './places.ts';

export interface Server {
  /** What a process of it is started with, beside the store's own variables. */
  readonly file: string;
  readonly environment: Variables;
  /** A free folder beside the sources. */
  readonly folder: string;
  remove(): Promise<void>;
}

export interface ServerOptions extends ManifestOptions {
  readonly leaseMs: number;
  /** What is changed in the sources, for a server that must be found out. */
  readonly change?: Change;
}

/** Generates the server, changes it as told, and puts it into one file. */
export async function buildServer({ leaseMs, change, ...options }: ServerOptions): Promise<Server> {
  const project = await createProject('minimal', () => manifestFor(options));
  const { path: folder, remove } = project;
  if (change !== undefined) await breakFile(project, change);
  const file = join(folder, 'bundle/index.mjs');
  const bundle = await rolldown({ input: join(folder, 'src/index.ts'), platform: 'node', logLevel: 'silent' });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  const environment = {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: join(folder, 'cache'),
    MCP_SCOPES: 'entries:write',
    MCP_WRITES: 'enabled',
    MCP_LEASE_MS: String(leaseMs),
    MCP_AUDIT_FILE: '/dev/null',
  };
  return { file, folder, environment, remove };
}

/** Runs the server once to its end, so that all later starts find it compiled. Throws where it cannot start. */
export async function warmUp({ file, environment }: Server, variables: Variables): Promise<void> {
  const env = { ...environment, LEDGER_URL: 'http://127.0.0.1:9', LEDGER_TOKEN: '0', ...variables };
  await execa(process.execPath, [file, '--check-config'], { env, extendEnv: false });
}
