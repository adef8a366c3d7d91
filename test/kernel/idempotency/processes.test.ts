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

const script = fileURLToPath(new URL('claim-once.ts', import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function freshPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'processes-'));
  folders.push(folder);
  return join(folder, 'operations.sqlite');
}

/** Starts a process that claims; `said` is all that it printed. */
async function start(...store: readonly string[]): Promise<{ readonly said: Promise<string> }> {
  const child = spawn(process.execPath, [script, ...store], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'readable');
  return { said: text(child.stdout) };
}

/** Starts four processes at once; answers what they printed, sorted. */
async function startTogether(...store: readonly string[]): Promise<string[]> {
  const children = await Promise.all(Array.from({ length: 4 }, () => start(...store)));
  return (await Promise.all(children.map((child) => child.said))).toSorted();
}

const ONE_CLAIM = ['claimed', 'in-progress', 'in-progress', 'in-progress'].map((kind) => `opening\n${kind}\n`);

test('processes that start together on one new file share it, and one of them gets the claim', async () => {
  expect(await startTogether('sqlite', freshPath())).toEqual(ONE_CLAIM);
});

test.skipIf(postgresMissing !== '')(
  `processes that start together on one empty database share it${postgresMissing}`,
  async () => {
    const { url, remove } = await postgresPlace();
    expect(await startTogether('postgres', url)).toEqual(ONE_CLAIM);
    await remove();
  },
);

test.skipIf(redisMissing !== '')(`processes that start together on one Redis share it${redisMissing}`, async () => {
  const { url, prefix, remove } = await redisPlace();
  expect(await startTogether('redis', url, prefix)).toEqual(ONE_CLAIM);
  await remove();
});

test('a process waits while another is still making the file, before its journal mode is changed', async () => {
  const path = freshPath();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const child = await start('sqlite', path);
  await sleep(200);
  other.exec('COMMIT');
  other.close();
  expect(await child.said).toBe('opening\nclaimed\n');
});
