/** The server as a process of its own, and the official client connected to it; both gone when the test ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';

import { parts, server } from '../../../src/generated/server.ts';
import { environmentOf } from './environment.ts';
import { PRELOADED, signIn } from './sign-in.ts';
import { makeStore, processOn } from './test-store.ts';

/** Those that the server has. */
export const TRANSPORTS = (['stdio', 'http'] as const).filter((transport) => parts[transport] !== undefined);

export interface Rights {
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

/** What the process is started with. */
interface Start {
  /** Relative to the project. */
  readonly script: string;
  readonly env: Record<string, string>;
}

const PROJECT = fileURLToPath(new URL('../../../', import.meta.url));

/** A client of a caller who holds these rights. */
export async function connect(transport: (typeof TRANSPORTS)[number], rights: Rights): Promise<Client> {
  const store = await makeStore();
  onTestFinished(() => store.remove());
  const { script, variables } = processOn(store);
  const caller = {
    MCP_TENANT: 'generated-test',
    MCP_SCOPES: rights.scopes.join(' '),
    MCP_ROLES: rights.roles.join(' '),
  };
  const start = { script, env: { ...getDefaultEnvironment(), ...environmentOf(server), ...variables, ...caller } };
  const client = new Client({ name: 'generated-test', version: '1.0.0' });
  await client.connect(transport === 'stdio' ? overStdio(start) : await overHttp(start, rights));
  onTestFinished(() => client.close());
  return client;
}

function overStdio({ script, env }: Start): StdioClientTransport {
  const args = [script, '--transport', 'stdio'];
  return new StdioClientTransport({ command: process.execPath, args, cwd: PROJECT, env, stderr: 'ignore' });
}

async function overHttp({ script, env }: Start, rights: Rights): Promise<StreamableHTTPClientTransport> {
  const { flags, variables, headers } = await signIn(rights);
  const args = [...PRELOADED, script, '--transport', 'http', '--port', '0', ...flags];
  const child = spawn(process.execPath, args, {
    cwd: PROJECT,
    env: { ...env, ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await exited;
  });
  let log = '';
  const listening = new Promise<URL>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const [, address] = /listening on (http:\/\/\S+\/mcp)/.exec(log) ?? [];
      if (address !== undefined) resolve(new URL(address));
    });
  });
  const url = await Promise.race([listening, exited.then(() => undefined)]);
  if (url === undefined) throw new Error(`the server ended before it listened: ${log}`);
  return new StreamableHTTPClientTransport(url, { requestInit: { headers } });
}
