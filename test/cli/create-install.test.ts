/** What `create` does with a package manager, by stand-ins that note how they are called and end as told. */
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { execa } from 'execa';
import { expect, test } from 'vitest';

import { CLI, emptyDirectory, runCli } from './run-cli.ts';

const CREATE = ['create', 'crm', '--yes', '--no-git'];

/** A directory for the project, and a program of that name first on the PATH, made of a body in shell. */
async function standIn(program: string, body: string) {
  const root = await emptyDirectory();
  const [bin, cwd, log] = [join(root, 'bin'), join(root, 'work'), join(root, 'calls')];
  await mkdir(bin);
  await mkdir(cwd);
  await writeFile(join(bin, program), `#!/bin/sh\necho "$@" >> '${log}'\n${body}\n`);
  await chmod(join(bin, program), 0o755);
  const env = { PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter) };
  return { cwd, env, calls: async () => (await readFile(log, 'utf8')).trim().split('\n') };
}

test('a project is installed and checked with the package manager that runs this', async () => {
  const { cwd, env, calls } = await standIn('pnpm', 'exit 0');
  const { exitCode, stdout } = await runCli(CREATE, {
    cwd,
    env: { ...env, npm_config_user_agent: 'pnpm/10.2.0 npm/?' },
  });
  expect(exitCode).toBe(0);
  expect(await calls()).toEqual(['--version', 'install', 'run typecheck', 'run test']);
  expect(stdout).toContain('pnpm exec hardened-mcp generate');
});

test('what the package manager prints is shown only when it fails', async () => {
  const { cwd, env } = await standIn('npm', 'echo chatter; exit 0');
  const { stdout, stderr } = await runCli(CREATE, { cwd, env });
  expect(stdout + stderr).not.toContain('chatter');
  expect(stderr).toContain('Install with npm');
});

test('an installation that fails leaves nothing behind', async () => {
  const { cwd, env } = await standIn('npm', '[ "$1" = install ] && { echo no network; exit 1; }; exit 0');
  const { exitCode, stderr } = await runCli(CREATE, { cwd, env });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('no network');
  expect(stderr).toContain('--no-install');
  expect(await readdir(cwd)).toEqual([]);
});

test('an installation that fails leaves a fresh clone as it was', async () => {
  const { cwd, env } = await standIn('npm', '[ "$1" = install ] && exit 1; exit 0');
  const clone = join(cwd, 'crm');
  await execa('git', ['init', '--quiet', clone]);
  expect((await runCli(CREATE, { cwd, env })).exitCode).toBe(2);
  expect(await readdir(clone)).toEqual(['.git']);
});

test('directories above the project that were made for it go with it', async () => {
  const { cwd, env } = await standIn('npm', '[ "$1" = install ] && exit 1; exit 0');
  await runCli(['create', 'a/b/crm', '--yes', '--no-git'], { cwd, env });
  expect(await readdir(cwd)).toEqual([]);
});

test('a project whose own tests fail stays, and that is a finding', async () => {
  const { cwd, env } = await standIn('npm', '[ "$1" = test ] && { echo one failed; exit 1; }; exit 0');
  const { exitCode, stderr } = await runCli(CREATE, { cwd, env });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('one failed');
  expect(await readdir(join(cwd, 'crm'))).toContain('package.json');
});

test('a package manager that is not there is noticed before anything is written', async () => {
  const cwd = await emptyDirectory();
  const { exitCode, stderr } = await runCli([...CREATE, '--package-manager', 'bun'], {
    cwd,
    env: { PATH: '/nowhere' },
  });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('bun was not found');
  expect(await readdir(cwd)).toEqual([]);
});

test('an interruption while installing removes what was made and exits with 130', async () => {
  const { cwd, env } = await standIn('npm', '[ "$1" = install ] && { touch ../installing; exec sleep 60; }; exit 0');
  const create = execa(process.execPath, [CLI, ...CREATE], { cwd, env, stdin: 'ignore', reject: false });
  await expect.poll(() => readdir(cwd), { timeout: 20_000 }).toContain('installing');
  create.kill('SIGINT');
  expect((await create).exitCode).toBe(130);
  expect(await readdir(cwd)).toEqual(['installing']);
});
