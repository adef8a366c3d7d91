/**
 * What people get: the package as it is published, installed into an empty directory, making a project that
 * installs, compiles, passes its own tests and is current. Needs the npm registry.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { check } from '../../src/index.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const MINUTES = 60_000;

let root: string;
let tarball: string;
let packed: readonly string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hardened-mcp-packed-'));
  const { stdout } = await execa('npm', ['pack', '--json', '--silent', '--pack-destination', root], {
    cwd: REPOSITORY,
  });
  // npm's own report: an array of one package, after whatever the build printed.
  const [report] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [{ filename: string; files: { path: string }[] }];
  tarball = join(root, report.filename);
  packed = report.files.map(({ path }) => path);

  await mkdir(join(root, 'home'));
  await writeFile(join(root, 'home/package.json'), '{ "private": true }\n');
  await execa('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: join(root, 'home') });
}, 5 * MINUTES);

afterAll(() => rm(root, { recursive: true, force: true }));

type Command = 'create-hardened-mcp' | 'hardened-mcp';

/** Runs a command of the installed package. */
async function run(command: Command, args: readonly string[], cwd: string, env: Record<string, string> = {}) {
  const bin = join(root, 'home/node_modules/.bin', command);
  const { exitCode, stdout, stderr } = await execa(bin, args, { cwd, env, stdin: 'ignore', reject: false });
  return { exitCode, stdout, stderr };
}

test('the package holds what is needed to run, and nothing of how it is made', () => {
  const tops = new Set(packed.map((path) => path.split('/', 1)[0]));
  expect([...tops].sort()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json', 'schema', 'templates']);
  expect(packed).toContain('templates/project/_gitignore');
  expect(packed.filter((path) => path.includes('.test.') && path.startsWith('dist/'))).toEqual([]);
});

test('create-hardened-mcp is hardened-mcp create', async () => {
  const { exitCode, stdout } = await run('create-hardened-mcp', ['--help'], root);
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Usage: create-hardened-mcp [options] [dir]');
  expect(await run('create-hardened-mcp', ['--version'], root)).toEqual(await run('hardened-mcp', ['--version'], root));
});

test.each(['create-hardened-mcp', 'hardened-mcp'] as const)(
  '%s keeps compiled code for its next start',
  async (command) => {
    const temporary = join(root, `temporary-of-${command}`);
    await mkdir(temporary);
    await run(command, ['--version'], root, { TMPDIR: temporary });
    expect(await readdir(temporary)).toEqual(['node-compile-cache']);
  },
);

test('an installed package puts its own exact version into a project', async () => {
  const { exitCode } = await run('hardened-mcp', ['create', 'pinned', '--yes', '--no-install', '--no-git'], root);
  expect(exitCode).toBe(0);
  const { devDependencies } = JSON.parse(await readFile(join(root, 'pinned/package.json'), 'utf8'));
  const { version } = JSON.parse(await readFile(join(REPOSITORY, 'package.json'), 'utf8'));
  expect(devDependencies['create-hardened-mcp']).toBe(version);
});

test('an installed package brings what judges patterns, and no program of it', async () => {
  const { stderr } = await run('hardened-mcp', ['check'], join(REPOSITORY, 'fixtures/invalid/schema-pattern-unsafe'));
  expect(stderr).toContain('"^(a+)+$" can take time that doubles with each further character');
  const installed = await readdir(join(root, 'home/node_modules'));
  expect(installed.filter((name) => name.startsWith('recheck'))).toEqual([]);
});

test('templates that the build compiled write what the sources write', async () => {
  expect(packed).toContain('dist/render/compiled-templates.js');
  const flags = ['same', '--example', 'retail', '--yes', '--no-install', '--no-git'];
  expect((await run('create-hardened-mcp', flags, root)).exitCode).toBe(0);
  expect(await check({ cwd: join(root, 'same') })).toMatchObject({ status: 'current', findings: [] });
});

test(
  'from nothing to a tested project that is current',
  async () => {
    const flags = ['billing', '--example', 'billing', '--yes', '--no-git', '--generator', tarball];
    const created = await run('create-hardened-mcp', flags, root);
    expect(created.stderr).toContain('✔ Run its tests');
    expect(created.exitCode).toBe(0);
    const project = join(root, 'billing');
    expect(await readdir(project)).toContain('.gitignore');

    const { stdout } = await execa('npx', ['hardened-mcp', 'check', '--json'], { cwd: project });
    expect(JSON.parse(stdout)).toMatchObject({ status: 'current', findings: [] });

    await writeFile(join(project, 'AGENTS.md'), 'mine\n');
    const drifted = await execa('npx', ['hardened-mcp', 'check'], { cwd: project, reject: false });
    expect(drifted.exitCode).toBe(1);
  },
  5 * MINUTES,
);
