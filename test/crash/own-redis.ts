/** A Redis in a folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { freePort, type OwnServer } from './own-server.ts';
import { readRedis } from './rows.ts';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always'];
const PREFIX = '{crash}:';

/** Where it is not durable, it forgets everything when it is killed. */
export async function startOwnRedis({ durable }: { readonly durable: boolean }): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-redis-'));
  const port = await freePort();
  const where = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--save', ''];
  let server: ChildProcess | undefined;

  async function start(): Promise<void> {
    const starting = spawn('redis-server', [...where, ...(durable ? DURABLE : [])], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    server = starting;
    for await (const line of createInterface(starting.stdout)) {
      if (line.includes('Ready to accept connections')) break;
    }
    starting.stdout.resume();
  }

  async function kill(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  }

  await start();
  const url = `redis://127.0.0.1:${port}`;
  return {
    start,
    kill,
    place: {
      variables: { MCP_STORE_URL: `${url}?prefix=${PREFIX}` },
      openRows: () => readRedis(url, PREFIX),
      remove: async () => {
        await kill();
        await rm(folder, { recursive: true });
      },
    },
  };
}
