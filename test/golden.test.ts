import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { execa } from 'execa';
import { expect, test } from 'vitest';

import {
  createProject,
  FIXTURES,
  inTemporaryProject,
  readFixture,
  readTree,
  REPOSITORY,
} from '../scripts/fixture-projects.ts';
import { COPIED, differences, goldenDirectory, renderGolden } from '../scripts/golden.ts';

test.each(FIXTURES)('%s renders to its golden files', async (name) => {
  expect(differences(await renderGolden(name), await readTree(goldenDirectory(name)))).toEqual([]);
});

test.each(FIXTURES)(
  'the golden files of %s compile, with the kernel and the files of its author',
  async (name) => {
    await inTemporaryProject(async (directory) => {
      await cp(goldenDirectory(name), directory, { recursive: true });
      for (const [path, source] of Object.entries(COPIED)) {
        await cp(join(REPOSITORY, source), join(directory, path), { recursive: true });
      }
      for (const [path, text] of Object.entries((await readFixture(name)).userFiles)) {
        await mkdir(dirname(join(directory, path)), { recursive: true });
        await writeFile(join(directory, path), text);
      }
      const { exitCode, all } = await execa('tsc', ['-p', directory], { preferLocal: true, all: true, reject: false });
      expect({ exitCode, all }).toEqual({ exitCode: 0, all: '' });
    });
  },
  120_000,
);

test.each(['minimal', 'hostile', 'retail', 'recovery'] as const)(
  'the tests of %s pass, generated ones and its author’s',
  async (name) => {
    await inTemporaryProject(async (directory) => {
      await createProject(directory, await readFixture(name));
      const { exitCode, all } = await execa('vitest', ['run'], {
        cwd: directory,
        preferLocal: true,
        localDir: REPOSITORY,
        all: true,
        reject: false,
      });
      expect({ exitCode, all: exitCode === 0 ? '' : all }).toEqual({ exitCode: 0, all: '' });
    });
  },
  180_000,
);

test('a changed, a missing and a stray golden file are told apart', () => {
  const rendered = new Map([
    ['a.ts', '1'],
    ['b.ts', '2'],
  ]);
  const golden = new Map([
    ['b.ts', 'x'],
    ['c.ts', '3'],
  ]);
  expect(differences(rendered, golden)).toEqual(['missing: a.ts', 'stale: b.ts', 'unexpected: c.ts']);
});
