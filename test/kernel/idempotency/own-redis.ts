/** A Redis of its own, where a test changes what all its users share. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Why tests that need one are skipped, as their title says it; under CI=true that is a failure instead. */
export const redisServerMissing = missing();

export async function ownRedis(...options: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const quiet = ['--save', '', '--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
  const server = spawn('redis-server', [...quiet, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(server.stdout)) if (line.includes('Ready to accept connections')) break;
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill('SIGKILL');
      await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

function missing(): string {
  try {
    execFileSync('redis-server', ['--version']);
    return '';
  } catch (error) {
    if (process.env['CI'] === 'true') throw error;
    return ' (skipped: there is no redis-server here)';
  }
}
