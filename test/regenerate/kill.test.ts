import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { expect, test, vi } from 'vitest';

import { check, generate } from '../../src/index.ts';
import { copyProject, makeDirectory, makeProject, readTree, useManifest, type Tree } from './project.ts';

// Each point costs a process that loads the generator.
vi.setConfig({ testTimeout: 120_000 });

const SCRIPT = fileURLToPath(new URL('die-while-writing.ts', import.meta.url));
const LOCK = '.hardened-mcp/lock.json';

/** Runs generate in a process of its own, which is killed before its n-th change of the file system. */
async function generateAndDie(root: string, at: number): Promise<void> {
  const { signal } = await execa(process.execPath, [SCRIPT, root, String(at)], { reject: false });
  expect(signal).toBe('SIGKILL');
}

async function countChanges(root: string): Promise<number> {
  const { stdout } = await execa(process.execPath, [SCRIPT, root]);
  const { status, changes } = JSON.parse(stdout) as { status: string; changes: number }; // what the script prints
  expect(status).toBe('written');
  return changes;
}

/** A project about to be generated from an edited manifest. */
async function makeEdited(): Promise<string> {
  const root = await makeProject();
  await useManifest(root, 'after');
  return root;
}

const POINTS = [0, 0.2, 0.5, 0.8, 1];
const at = (point: number, changes: number): number => 1 + Math.round(point * (changes - 1));

test('a generate that is killed at any point is completed by the next one', async () => {
  const edited = await makeEdited();
  const control = await copyProject(edited);
  const changes = await countChanges(control);
  const expected = await readTree(control);
  for (const point of POINTS) {
    const root = await copyProject(edited);
    await generateAndDie(root, at(point, changes));
    expect(await readTree(root)).not.toEqual(expected);
    expect(await check({ cwd: root })).toMatchObject({ status: 'drifted' });
    expect(await generate({ cwd: root })).toMatchObject({ status: 'written' });
    expect(await readTree(root)).toEqual(expected);
  }
});

test('after a kill the manifest may change again, even back', async () => {
  const edited = await makeEdited();
  const changes = await countChanges(await copyProject(edited));
  const control = await copyProject(edited);
  await generate({ cwd: control });
  await useManifest(control, 'before');
  await generate({ cwd: control });
  const generated = (tree: Tree): Tree =>
    Object.fromEntries(Object.entries(tree).filter(([path]) => !path.includes('tools/find_notes') && path !== LOCK));
  const expected = generated(await readTree(control));
  for (const point of [0.3, 0.7]) {
    const root = await copyProject(edited);
    await generateAndDie(root, at(point, changes));
    await useManifest(root, 'before');
    await generateAndDie(root, 6);
    expect(await generate({ cwd: root })).toMatchObject({ status: 'written' });
    expect(generated(await readTree(root))).toEqual(expected);
  }
});

test('a first generate that is killed is completed by the next one', async () => {
  const control = await makeDirectory();
  await useManifest(control, 'before');
  const changes = await countChanges(control);
  const expected = await readTree(control);
  for (const point of [0, 0.5]) {
    const root = await makeDirectory();
    await useManifest(root, 'before');
    await generateAndDie(root, at(point, changes));
    await generate({ cwd: root });
    expect(await readTree(root)).toEqual(expected);
  }
});

test('what repairs is what the lock says of the run that died: without it the next run takes its files for edits', async () => {
  const root = await makeEdited();
  const changes = await countChanges(await copyProject(root));
  await generateAndDie(root, at(0.9, changes));
  const { pending, ...settled } = JSON.parse(await readFile(join(root, LOCK), 'utf8'));
  expect(Object.keys(pending)).toContain('src/generated/server.ts');
  await writeFile(join(root, LOCK), JSON.stringify(settled));
  await useManifest(root, 'before');
  expect(await generate({ cwd: root })).toMatchObject({ status: 'refused' });
});

test('an edit made after a kill is still an edit', async () => {
  const root = await makeEdited();
  await generateAndDie(root, at(0.9, await countChanges(await copyProject(root))));
  await writeFile(join(root, 'src/generated/server.ts'), '// mine\n');
  expect(await generate({ cwd: root })).toMatchObject({ status: 'refused' });
  expect(await readFile(join(root, 'src/generated/server.ts'), 'utf8')).toBe('// mine\n');
});
