/** Starts a generated server and connects the official client to it: over stdio or HTTP, in either protocol era. */
import { type ChildProcess, spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Readable, type Stream } from 'node:stream';
import { text } from 'node:stream/consumers';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** The protocol revision that each era is tried with. */
const REVISIONS = { legacy: '2025-11-25', modern: '2026-07-28' } as const;

export interface Wire {
  readonly transport: 'stdio' | 'http';
  readonly era: keyof typeof REVISIONS;
}

export const WIRES: readonly Wire[] = [
  { transport: 'stdio', era: 'modern' },
  { transport: 'stdio', era: 'legacy' },
  { transport: 'http', era: 'modern' },
  { transport: 'http', era: 'legacy' },
];

export function nameWire({ transport, era }: Wire): string {
  return `${transport} ${REVISIONS[era]}`;
}

export interface ServerProcess {
  /** The project's directory. */
  readonly cwd: string;
  /** What Node runs there: `dist/index.js`, or `src/index.ts`. */
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Connection {
  readonly client: Client;
  /** Ends the client and the server. */
  close(): Promise<void>;
}

/** Rejects where the server does not start; its standard error tells why. */
export function connect(server: ServerProcess, wire: Wire): Promise<Connection> {
  return wire.transport === 'stdio' ? connectStdio(server, wire) : connectHttp(server, wire);
}

async function connectStdio({ cwd, entry, env }: ServerProcess, wire: Wire): Promise<Connection> {
  const client = newClient(wire);
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [entry, '--transport', 'stdio'],
    cwd,
    env: { ...inherited(), ...env },
    stderr: 'pipe',
  });
  const noise = readAll(transport.stderr);
  try {
    await client.connect(transport);
  } catch (error) {
    await transport.close();
    throw new Error(`the server did not start: ${String(error)}\n${await noise}`, { cause: error });
  }
  return { client, close: () => client.close() };
}

async function connectHttp(server: ServerProcess, wire: Wire): Promise<Connection> {
  const child = spawn(process.execPath, [server.entry, '--transport', 'http', '--port', '0', '--insecure-local'], {
    cwd: server.cwd,
    env: { ...inherited(), ...server.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  const client = newClient(wire);
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL(await listeningAddress(child))));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    client,
    close: async () => {
      await client.close();
      await stop();
    },
  };
}

/** `npm run operations -- …` in a project; what it prints is seen, and its exit code returned. */
export async function runOperations(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<number> {
  const child = spawn(process.execPath, ['dist/operations.js', ...args], {
    cwd,
    env: { ...inherited(), ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The server says on standard error where it listens. */
async function listeningAddress(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('the server has no standard error');
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const [address] = /http:\/\/127\.0\.0\.1:\d+\/mcp/.exec(line) ?? [];
    if (address !== undefined) {
      child.stderr.resume();
      return address;
    }
    seen.push(line);
  }
  throw new Error(`the server did not start:\n${seen.join('\n')}`);
}

function newClient({ era }: Wire): Client {
  const mode = era === 'modern' ? { pin: REVISIONS.modern } : 'legacy';
  return new Client({ name: 'demo', version: '1.0.0' }, { versionNegotiation: { mode } });
}

/** Everything that a stream ever says; resolves when it ends. */
async function readAll(stream: Stream | null): Promise<string> {
  return stream instanceof Readable ? text(stream) : '';
}

/** Only what a process needs to run: settings of the caller's own environment must not reach the server. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
