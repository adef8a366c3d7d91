/** What only shows at a real terminal: a pseudo-terminal, which the command `script` opens. */
import { readdir } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';

import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

import { CLI, emptyDirectory } from './run-cli.ts';

const ENTER = '\r';
const CTRL_C = '\u0003';

/** Runs the command line at a terminal of its own, where somebody waits for texts and presses keys. */
async function atTerminal(args: string, env: Readonly<Record<string, string>> = {}) {
  const cwd = await emptyDirectory();
  const line = `'${process.execPath}' '${CLI}' ${args}`;
  const options = {
    cwd,
    env: { NO_COLOR: '', TERM: 'xterm', ...env },
    stdin: 'pipe',
    all: true,
    reject: false,
  } as const;
  const session = execa('script', ['--quiet', '--flush', '--return', '--command', line, '/dev/null'], options);
  onTestFinished(() => void session.kill('SIGKILL'));
  let screen = '';
  session.all.on('data', (chunk: Buffer) => (screen += chunk.toString()));
  const sees = async (text: string) => {
    await expect.poll(() => stripVTControlCharacters(screen), { timeout: 20_000 }).toContain(text);
  };
  return {
    cwd,
    sees,
    answer: async (question: string, keys: string) => {
      await sees(question);
      session.stdin.write(keys);
    },
    end: async () => {
      const { exitCode } = await session;
      return { exitCode, screen };
    },
  };
}

test('the wizard makes a project, and says which flags would have done the same', async () => {
  const { cwd, answer, end } = await atTerminal('create --no-install --package-manager npm');
  await answer('Where should the project go?', `crm${ENTER}`);
  await answer('Start from', ENTER);
  await answer("The server's name", ENTER);
  await answer('How do clients connect?', ENTER);
  await answer('Make a git repository', `n${ENTER}`);
  const { exitCode, screen } = await end();
  expect(exitCode).toBe(0);
  expect(stripVTControlCharacters(screen)).toContain(
    'hardened-mcp create crm --name crm --example minimal --package-manager npm --no-install --no-git --yes',
  );
  expect(await readdir(`${cwd}/crm`)).toContain('hardened-mcp.yaml');
});

test('Ctrl-C at a question exits with 130 and leaves nothing behind', async () => {
  const { cwd, answer, end } = await atTerminal('create');
  await answer('Where should the project go?', CTRL_C);
  expect((await end()).exitCode).toBe(130);
  expect(await readdir(cwd)).toEqual([]);
});

test('a terminal gets colours', async () => {
  const { end } = await atTerminal('explain key-optional');
  expect((await end()).screen).toContain('\u001B[');
});

test.for([
  ['explain key-optional --no-color', {}],
  ['explain key-optional', { NO_COLOR: '1' }],
  ['explain key-optional', { TERM: 'dumb' }],
] as const)('%s with %j gets none', async ([args, env]) => {
  const { end } = await atTerminal(args, env);
  const { exitCode, screen } = await end();
  expect(exitCode).toBe(0);
  expect(screen).not.toContain('\u001B[');
});

test('--yes asks nothing at a terminal either', async () => {
  const { cwd, end } = await atTerminal('create crm --yes --no-install --no-git');
  expect((await end()).exitCode).toBe(0);
  expect(await readdir(cwd)).toEqual(['crm']);
});
