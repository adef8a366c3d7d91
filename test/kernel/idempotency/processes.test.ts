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
async function start(path: string): Promise<{ readonly said: Promise<string> }> {
  const child = spawn(process.execPath, [script, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'readable');
  return { said: text(child.stdout) };
}

test('processes that start together on one new file share it, and one of them gets the claim', async () => {
  const path = freshPath();
  const children = await Promise.all(Array.from({ length: 4 }, () => start(path)));
  const said = await Promise.all(children.map((child) => child.said));
  const waiting = 'opening\nin-progress\n';
  expect(said.toSorted()).toEqual(['opening\nclaimed\n', waiting, waiting, waiting]);
});

test('a process waits while another is still making the file, before its journal mode is changed', async () => {
  const path = freshPath();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  const child = await start(path);
  await sleep(200);
  other.exec('COMMIT');
  other.close();
  expect(await child.said).toBe('opening\nclaimed\n');
});
