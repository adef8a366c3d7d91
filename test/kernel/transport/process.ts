/** Runs the served fixture as a real process. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';

export const SERVED = fileURLToPath(new URL('served.ts', import.meta.url));

export type Era = 'legacy' | 'modern';

/** What `servedEnvironment` sets, a test may change. */
export function servedEnvironment(changes: Record<string, string> = {}): Record<string, string> {
  const directory = mkdtempSync(join(tmpdir(), 'served-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return {
    PATH: process.env.PATH ?? '',
    MCP_SCOPES: 'write',
    MCP_STORE_PATH: join(directory, 'store.sqlite'),
    MCP_HTTP_PORT: '0',
    ...changes,
  };
}

export interface Served {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  /** Resolves with all of stderr as soon as it matches. */
  stderr(pattern: RegExp): Promise<string>;
  output(): { readonly stdout: string; readonly stderr: string };
}

export const FORGETFUL = fileURLToPath(new URL('forgetful.ts', import.meta.url));

export function startServed(flags: readonly string[], environment = servedEnvironment(), file = SERVED): Served {
  return startNode([file, ...flags], { environment });
}

/** Node.js with these arguments. */
export function startNode(
  args: readonly string[],
  { environment, cwd }: { readonly environment: Record<string, string>; readonly cwd?: string },
): Served {
  const child = spawn(process.execPath, args, { env: environment, stdio: 'pipe', cwd });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    for (const check of waiting) check();
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return {
    child,
    exited,
    output: () => ({ stdout, stderr }),
    stderr: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (pattern.test(stderr)) resolve(stderr);
        };
        waiting.add(check);
        void exited.then(() => reject(new Error(`It ended with: ${stderr}`)));
        check();
      }),
  };
}

/** Starts over HTTP and says where it listens. */
export async function startServedHttp(
  environment = servedEnvironment(),
  file = SERVED,
): Promise<{ readonly served: Served; readonly url: URL }> {
  const served = startServed(['--transport', 'http', '--insecure-local'], environment, file);
  const stderr = await served.stderr(/listening on /);
  const address = /listening on (http:\/\/\S+?\/mcp)/.exec(stderr)?.[1];
  if (address === undefined) throw new Error(stderr);
  return { served, url: new URL(address) };
}

export function newClient(era: Era): Client {
  return new Client({ name: 'test', version: '0' }, era === 'modern' ? { versionNegotiation: { mode: 'auto' } } : {});
}

/** The JSON of a failed call's text. */
export function errorIn(result: unknown): unknown {
  const { content } = result as { content: readonly { readonly text: string }[] };
  return (JSON.parse(content[0]?.text ?? '') as { error: unknown }).error;
}
