import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { afterEach, expect, test } from 'vitest';

import { postgresMissing, postgresPlace, redisMissing, redisPlace } from './services.ts';

const scripts = {
  once: fileURLToPath(new URL('claim-once.ts', import.meta.url)),
  many: fileURLToPath(new URL('claim-many.ts', import.meta.url)),
} as const;
type Script = keyof typeof scripts;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'processes-'));
  folders.push(folder);
  return join(folder, 'operations.sqlite');
}

/** Starts a process that claims, or claims many when it is told to; `said` is all that it printed. */
async function start(script: Script, ...store: readonly string[]) {
  const child = spawn(process.execPath, [scripts[script], ...store], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'readable');
  return { said: text(child.stdout), tell: () => child.stdin.end('claim\n') };
}

/** Starts four processes at once; answers what they printed, sorted. */
async function startTogether(script: Script, ...store: readonly string[]): Promise<string[]> {
  const children = await Promise.all(Array.from({ length: 4 }, () => start(script, ...store)));
  if (script === 'many') for (const { tell } of children) tell();
  return (await Promise.all(children.map((child) => child.said))).toSorted();
}

const ONE_CLAIM = ['claimed', 'in-progress', 'in-progress', 'in-progress'].map((kind) => `opening\n${kind}\n`);

test('processes that start together on one new file share it, and one of them gets the claim', async () => {
  expect(await startTogether('once', 'sqlite', freshPath())).toEqual(ONE_CLAIM);
});

test.skipIf(postgresMissing !== '')(
  `processes that start together on one empty database share it${postgresMissing}`,
  async () => {
    const { url, remove } = await postgresPlace();
    expect(await startTogether('once', 'postgres', url)).toEqual(ONE_CLAIM);
    await remove();
  },
);

test.skipIf(redisMissing !== '')(`processes that start together on one Redis share it${redisMissing}`, async () => {
  const { url, prefix, remove } = await redisPlace();
  expect(await startTogether('once', 'redis', url, prefix)).toEqual(ONE_CLAIM);
  await remove();
});

/** How many of 100 different calls got through a cap of 10, over four processes. */
async function claimedTogether(...store: readonly string[]): Promise<number> {
  const counts = (await startTogether('many', ...store)).map((said) => Number(said.replace('opened\n', '')));
  return counts.reduce((sum, count) => sum + count, 0);
}

test('processes on one file let as many calls through as the cap allows', async () => {
  expect(await claimedTogether('sqlite', freshPath())).toBe(10);
});

test.skipIf(postgresMissing !== '')(
  `processes on one database let as many calls through as the cap allows${postgresMissing}`,
  async () => {
    const { url, remove } = await postgresPlace();
    expect(await claimedTogether('postgres', url)).toBe(10);
    await remove();
  },
);

test.skipIf(redisMissing !== '')(
  `processes on one Redis let as many calls through as the cap allows${redisMissing}`,
  async () => {
    const { url, prefix, remove } = await redisPlace();
    expect(await claimedTogether('redis', url, prefix)).toBe(10);
    await remove();
  },
);

test('a process waits while another is still making the file, before its journal mode is changed', async () => {
  const path = freshPath();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const child = await start('once', 'sqlite', path);
  await sleep(200);
  other.exec('COMMIT');
  other.close();
  expect(await child.said).toBe('opening\nclaimed\n');
});
