import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { expect, test } from 'vitest';

import { ownPackage } from '../../src/commands/own-package.ts';

const FAILURE = fileURLToPath(new URL('../../src/cli/failure.ts', import.meta.url));

/** Reports a failure from a process of its own, which ends with the code that it was given. */
async function report(
  error: string,
  { argv = [], env = {} }: { argv?: readonly string[]; env?: Record<string, string> } = {},
) {
  const script = `
    const { reportFailure } = await import(${JSON.stringify(FAILURE)});
    process.exitCode = reportFailure(${error}, { argv: ${JSON.stringify(argv)}, exitCodeOfSignal: undefined });`;
  const options = { env: { DEBUG: '', ...env }, reject: false } as const;
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    ['--input-type=module', '--eval', script],
    options,
  );
  return { exitCode, stdout, stderr };
}

test('an unexpected error exits with 3 and says how to report it, without its stack', async () => {
  const { exitCode, stdout, stderr } = await report(`new TypeError('no such thing')`);
  expect(exitCode).toBe(3);
  expect(stdout).toBe('');
  expect(stderr).toContain('Internal error: no such thing');
  expect(stderr).toContain(`create-hardened-mcp ${ownPackage().version}`);
  expect(stderr).toMatch(/report it to the maintainers.* with --debug.* the manifest/);
  expect(stderr).toContain('Leave secrets out');
  expect(stderr).not.toMatch(/^ +at /m);
});

test.for([{ argv: ['generate', '--debug'] }, { env: { DEBUG: '1' } }])('%j adds the stack', async (options) => {
  const { exitCode, stderr } = await report(`new TypeError('no such thing')`, options);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^ +at /m);
  expect(stderr).toMatch(/report it to the maintainers.* what is printed here/);
});

test('what is thrown need not be an error', async () => {
  const { exitCode, stderr } = await report(`'a text'`);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('a text');
});

test('a refusal by the operating system is no bug: exit code 2', async () => {
  const { exitCode, stderr } = await report(
    `Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' })`,
  );
  expect(exitCode).toBe(2);
  expect(stderr).toBe('EROFS: read-only file system');
});

test('under --json a failure is one document on stdout', async () => {
  const { exitCode, stdout } = await report(`new TypeError('no such thing')`, { argv: ['generate', '--json'] });
  expect(exitCode).toBe(3);
  expect(JSON.parse(stdout)).toEqual({ exitCode: 3, error: { code: 'internal', message: 'no such thing' } });
});
