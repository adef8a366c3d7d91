import { expect, test } from 'vitest';

import { ownPackage } from '../../src/commands/own-package.ts';
import { emptyDirectory, runCli } from './run-cli.ts';

const run = async (...args: string[]) => runCli(args, { cwd: await emptyDirectory() });

test.for(['create', 'generate', 'check', 'explain'])(
  '%s --help shows its flags, the global ones and examples',
  async (command) => {
    const { exitCode, stdout, stderr } = await run(command, '--help');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain(`Usage: hardened-mcp ${command}`);
    for (const flag of ['--manifest <file>', '--cwd <dir>', '--json', '--quiet', '--no-color'])
      expect(stdout).toContain(flag);
    expect(stdout).toMatch(new RegExp(`Examples:\n  hardened-mcp ${command}`));
  },
);

test('commands that are not built yet are not offered', async () => {
  const { stdout } = await run('--help');
  expect(stdout).not.toMatch(/^ {2}(lint|diff|import|report)\b/m);
});

test('--version prints the version and nothing else', async () => {
  expect(await run('--version')).toEqual({ exitCode: 0, stdout: ownPackage().version, stderr: '' });
});

test('no command at all is a usage error that prints the help', async () => {
  const { exitCode, stdout, stderr } = await run();
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('Commands:');
});

test('an unknown command is a usage error that suggests the nearest', async () => {
  const { exitCode, stderr } = await run('generat');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean generate?');
});

test('an unknown flag is a usage error that suggests the nearest', async () => {
  const { exitCode, stderr } = await run('generate', '--dryrun');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Did you mean --dry-run?');
});

test('a usage error under --json is one document on stdout', async () => {
  const { exitCode, stdout, stderr } = await run('check', '--format', 'yaml', '--json');
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 2,
    error: { code: 'usage', message: expect.stringContaining('yaml') },
  });
  expect(stderr).toContain('yaml');
});

test('global flags are understood before and after the command', async () => {
  for (const args of [
    ['--json', 'explain', 'INTERNAL'],
    ['explain', 'INTERNAL', '--json'],
  ]) {
    const { exitCode, stdout } = await run(...args);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, command: 'explain', code: 'INTERNAL' });
  }
});

test('--cwd names a directory that has to exist', async () => {
  const { exitCode, stderr } = await run('check', '--cwd', 'nowhere');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('nowhere');
});

test('without a terminal there are no colours', async () => {
  const { stdout } = await run('explain', 'key-optional');
  expect(stdout).toContain('key-optional');
  expect(stdout).not.toContain('\u001B');
});
