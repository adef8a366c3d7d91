import { readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { expect, test, vi } from 'vitest';

import { generate } from '../../src/index.ts';
import { makeProject, useManifest } from './project.ts';

vi.setConfig({ testTimeout: 120_000 });

const HANDLER = 'src/tools/get_note.ts';

/** A generated project that can find its dependencies. */
async function makeInstalled(): Promise<string> {
  const root = await makeProject();
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(root, 'node_modules'));
  return root;
}

/** What the compiler says with the project's own flags; empty where all is well. */
async function compile(root: string, config = 'tsconfig.json'): Promise<string> {
  const { stdout } = await execa('tsc', ['-p', config, '--pretty', 'false'], {
    cwd: root,
    preferLocal: true,
    localDir: root,
    reject: false,
  });
  return stdout;
}

test('a new project compiles, and its build starts without TypeScript', async () => {
  const root = await makeInstalled();
  expect(await compile(root)).toBe('');
  expect(await compile(root, 'tsconfig.build.json')).toBe('');
  const { stdout } = await execa(process.execPath, ['dist/index.js', '--help'], { cwd: root });
  expect(stdout).toContain('--transport');
});

test('a handler that is missing does not compile', async () => {
  const root = await makeInstalled();
  await rm(join(root, HANDLER));
  expect(await compile(root)).toMatch(/src\/generated\/handlers\.ts.*Cannot find module.*get_note/);
});

test('a handler of other arguments than the manifest declares does not compile', async () => {
  const root = await makeInstalled();
  await writeFile(join(root, HANDLER), 'export const handler = (args: { id: number }) => args.id;\n');
  expect(await compile(root)).toMatch(/src\/generated\/handlers\.ts.*error/);
});

test('a handler of a tool that is gone does not compile', async () => {
  const root = await makeInstalled();
  await useManifest(root, 'after');
  await generate({ cwd: root });
  expect(await compile(root)).toMatch(/src\/tools\/drop_note\.ts.*Cannot find module/);
});

test('a handler may only fail with codes that the manifest declares', async () => {
  const root = await makeInstalled();
  const stub = await readFile(join(root, HANDLER), 'utf8');
  await writeFile(join(root, HANDLER), stub.replace('_ctx) => {', `ctx) => {\n  ctx.fail('UNDECLARED');`));
  expect(await compile(root)).toMatch(/src\/tools\/get_note\.ts.*UNDECLARED.*never/);
});
