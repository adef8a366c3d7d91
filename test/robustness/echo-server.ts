/** A generated server whose one tool returns what it is given, after a while and at any length. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';

import { createProject, inTemporaryProject } from '../../scripts/fixture-projects.ts';

/** A server that outgrows this ends; what it holds beside its heap comes on top. */
const MOST_HEAP_MB = 96;

const MANIFEST = `version: 1
server: { name: echo, version: 1.0.0, transports: [stdio, http] }
tools:
  - name: echo
    description: Return a text, after a while, with as much behind it as was asked for.
    mutability: read-only
    public: true
    scopes: []
    inputSchema:
      type: object
      required: [nonce]
      properties:
        nonce: { type: string, maxLength: 64, description: What is returned, examples: [a] }
        wait_ms: { type: integer, minimum: 0, maximum: 1000, default: 0, description: How long that takes }
        size: { type: integer, minimum: 0, maximum: 4000000, default: 0, description: How much follows }
    outputSchema:
      type: object
      required: [nonce, filling]
      properties:
        nonce: { type: string, description: What was given }
        filling: { type: string, description: What follows }
`;

const HANDLER = `import { setTimeout as sleep } from 'node:timers/promises';
import type { EchoHandler } from '../generated/types/echo.ts';

export const handler: EchoHandler = async ({ nonce, wait_ms, size }) => {
  if (wait_ms > 0) await sleep(wait_ms);
  return { nonce, filling: 'x'.repeat(size) };
};
`;

/** One piece of a source file of the server, replaced, for a control that has to be found out. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export interface EchoServer {
  readonly child: ChildProcessWithoutNullStreams;
  /** All of standard error so far. */
  said(): string;
  /** `undefined` while it runs. */
  ending(): string | undefined;
  /** The most memory it ever held, in bytes; 0 where the system does not say. */
  peakMemory(): Promise<number>;
}

export async function inEchoProject<Result>(
  work: (directory: string) => Promise<Result>,
  change?: Change,
): Promise<Result> {
  return inTemporaryProject(async (directory) => {
    await createProject(directory, { manifest: MANIFEST, userFiles: { 'src/tools/echo.ts': HANDLER } });
    if (change !== undefined) await apply(directory, change);
    return work(directory);
  });
}

async function apply(directory: string, { file, from, to }: Change): Promise<void> {
  const path = join(directory, file);
  const pieces = (await readFile(path, 'utf8')).split(from);
  if (pieces.length !== 2) throw new Error(`${file} should hold this once: ${from}`);
  await writeFile(path, pieces.join(to));
}

/** Over stdio. */
export async function withEcho<Result>(
  directory: string,
  work: (server: EchoServer) => Promise<Result>,
  flags: readonly string[] = ['--transport', 'stdio'],
): Promise<Result> {
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${MOST_HEAP_MB}`, '--max-semi-space-size=8', 'src/index.ts', ...flags],
    {
      cwd: directory,
      env: { PATH: process.env['PATH'] ?? '', MCP_AUDIT_FILE: join(directory, 'audit.jsonl') },
    },
  );
  let said = '';
  let ending: string | undefined;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  // A server that ended takes nothing any more: `ending` says so.
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit').then(([code, signal]) => (ending = `${code ?? signal}`));
  try {
    return await work({
      child,
      said: () => said,
      ending: () => ending,
      peakMemory: () => peakMemoryOf(child.pid),
    });
  } finally {
    child.kill('SIGKILL');
    await exited;
  }
}

/** Over HTTP, at the URL of the endpoint. */
export function withEchoOverHttp<Result>(
  directory: string,
  work: (server: EchoServer & { readonly url: URL }) => Promise<Result>,
): Promise<Result> {
  return withEcho(
    directory,
    async (server) => {
      let address: string | undefined;
      while (address === undefined) {
        if (server.ending() !== undefined) throw new Error(`The server did not start:\n${server.said()}`);
        [address] = /http:\/\/[^"\s]+\/mcp/.exec(server.said()) ?? [];
        if (address === undefined) await Promise.race([once(server.child.stderr, 'data'), once(server.child, 'exit')]);
      }
      return work({ ...server, url: new URL(address) });
    },
    ['--transport', 'http', '--port', '0', '--insecure-local'],
  );
}

/** Linux alone keeps the highest value. */
async function peakMemoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kilobytes ?? 0) * 1024;
}
