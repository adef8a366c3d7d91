import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from 'vitest';

import { SERVER_ERRORS } from '../../src/commands/server-errors.ts';
import { DIAGNOSTIC_CODES } from '../../src/diagnostics/catalog.ts';
import { emptyDirectory, runCli } from './run-cli.ts';

const explain = async (...args: string[]) => runCli(['explain', ...args], { cwd: await emptyDirectory() });

test('every error code of the kernel is explained, with its category, and no other', async () => {
  const kernel = fileURLToPath(new URL('../../templates/kernel/', import.meta.url));
  const files = (await readdir(kernel, { recursive: true })).filter((file) => file.endsWith('.ts'));
  const sources = await Promise.all(files.map((file) => readFile(join(kernel, file), 'utf8')));
  const declarations = sources.join('\n').matchAll(/(?:code: '|^ {2})([A-Z_]+)(?:',\s+category)?: '([a-z_]+)'/gm);
  const inKernel = new Map(Array.from(declarations, ([, code, category]) => [code, category]));
  const explained = new Map(Object.entries(SERVER_ERRORS).map(([code, { category }]) => [code, category]));
  expect(Object.fromEntries(explained)).toEqual(Object.fromEntries(inKernel));
});

test('a diagnostic is explained with what to do and an example', async () => {
  const { exitCode, stdout } = await explain('key-optional');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('What to do: Make the argument required');
  expect(stdout).toContain('required: [invoice_id]');
});

test('an error of a generated server is explained with what to do', async () => {
  const { exitCode, stdout } = await explain('WRITES_DISABLED');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('MCP_WRITES=enabled');
});

test('an unknown code cannot be explained, and the nearest one is suggested', async () => {
  const { exitCode, stdout, stderr } = await explain('key-optinal');
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('Did you mean key-optional?');
});

test('a name that every object has is no code', async () => {
  expect((await explain('constructor')).exitCode).toBe(2);
});

test('without a code, all are listed', async () => {
  const { exitCode, stdout } = await explain('--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ diagnostics: DIAGNOSTIC_CODES, serverErrors: Object.keys(SERVER_ERRORS) });
});
