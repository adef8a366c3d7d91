import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { sha256 } from '../../src/output/hash.ts';
import { LOCK_PATH, type Lock } from '../../src/output/lockfile.ts';
import type { Change } from '../../src/output/reconcile.ts';
import { writeChanges } from '../../src/output/write.ts';

const after: Lock = { version: 1, generator: '0', manifest: sha256(''), files: {}, tools: {} };
let directory: string;
let root: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'write-'));
  root = join(directory, 'project');
  await mkdir(join(directory, 'outside'));
});
afterEach(() => rm(directory, { recursive: true }));

function creating(path: string, owner: 'you' | 'generated' = 'generated'): Change {
  return { kind: 'create', path, owner, planned: { path, owner, contents: 'planned' } };
}
const write = (...changes: Change[]): Promise<void> => writeChanges({ root, changes, before: undefined, after });

test('files and their directories are made, and nothing else is left', async () => {
  await write(creating('src/generated/a.ts'), creating('README.md', 'you'));
  expect((await readdir(root, { recursive: true })).sort()).toEqual(
    ['.hardened-mcp', LOCK_PATH, 'README.md', 'src', 'src/generated', 'src/generated/a.ts'].sort(),
  );
  expect(await readFile(join(root, 'src/generated/a.ts'), 'utf8')).toBe('planned');
});

test('a file of yours that appeared in the meantime is not overwritten', async () => {
  await mkdir(root);
  await writeFile(join(root, 'README.md'), 'mine');
  await write(creating('README.md', 'you'));
  expect(await readFile(join(root, 'README.md'), 'utf8')).toBe('mine');
});

test('a deleted file takes the directories with it that it leaves empty', async () => {
  await write(creating('src/generated/tools/a.ts'), creating('src/index.ts', 'you'));
  await write({ kind: 'delete', path: 'src/generated/tools/a.ts', owner: 'generated', before: 'planned' });
  expect(await readdir(join(root, 'src'))).toEqual(['index.ts']);
});

test.each(['../outside/a.ts', 'src/../../outside/a.ts', '/tmp/a.ts'])('%s is not written', async (path) => {
  await expect(write(creating('a.ts'), creating(path))).rejects.toThrow(path);
  expect(await readdir(directory)).toEqual(['outside']);
});

test.each(['src', 'src/generated'])('a link at %s does not lead a write out of the project', async (link) => {
  await mkdir(join(root, link, '..'), { recursive: true });
  await symlink(join(directory, 'outside'), join(root, link));
  await expect(write(creating('a.ts'), creating('src/generated/b.ts'))).rejects.toThrow('src/generated/b.ts');
  expect(await readdir(join(directory, 'outside'))).toEqual([]);
  expect(await readdir(root)).toEqual(['src']);
});

test('a link leads no delete out of the project', async () => {
  await writeFile(join(directory, 'outside/a.ts'), 'precious');
  await mkdir(root);
  await symlink(join(directory, 'outside'), join(root, 'src'));
  await expect(write({ kind: 'delete', path: 'src/a.ts', owner: 'generated' })).rejects.toThrow('src/a.ts');
  expect(await readFile(join(directory, 'outside/a.ts'), 'utf8')).toBe('precious');
});

test('a project may itself be reached through a link', async () => {
  await symlink(join(directory, 'outside'), root);
  await write(creating('src/a.ts'));
  expect(await readFile(join(directory, 'outside/src/a.ts'), 'utf8')).toBe('planned');
});
