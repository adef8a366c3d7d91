/** The fixture project `conformance`, generated and served as its operators would. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { execa } from 'execa';

import { createProject, readFixture } from '../../scripts/fixture-projects.ts';

export interface ServedProject {
  /** Of the MCP endpoint. */
  readonly url: string;
  /** Resolves when the server has ended. */
  stop(): Promise<void>;
}

/** Writes the project to a directory that has the packages already. */
export async function writeProject(directory: string): Promise<void> {
  await createProject(directory, await readFixture('conformance'));
  await mkdir(join(directory, 'data'), { recursive: true });
}

export const SERVER_ENVIRONMENT = { MCP_WRITES: 'enabled', MCP_STORE_PATH: 'data/operations.sqlite' } as const;

/** Serves it over HTTP; rejects with what the server said where it does not start. */
export async function serveProject(
  directory: string,
  env: Readonly<Record<string, string>> = SERVER_ENVIRONMENT,
): Promise<ServedProject> {
  const server = execa('node', ['src/index.ts', '--transport', 'http', '--port', '0', '--insecure-local'], {
    cwd: directory,
    preferLocal: true,
    env,
    reject: false,
    buffer: false,
  });
  return { url: await listening(server), stop: async () => void (server.kill('SIGTERM'), await server) };
}

async function listening(server: PromiseLike<unknown> & { readonly stderr: Readable }): Promise<string> {
  let said = '';
  const url = new Promise<string>((resolve) => {
    server.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [found] = /http:\/\/[^"\s]+\/mcp/.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
  });
  const first = await Promise.race([url, server]);
  if (typeof first === 'string') return first;
  throw new Error(`The server did not start:\n${said}`);
}
