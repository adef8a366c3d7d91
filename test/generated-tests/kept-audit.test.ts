/** Generated projects whose audit goes to their store: written by the server, read and verified by commands. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';

import { compileProject, createProject, type Project } from './project.ts';

/** Its one tool only reads, so that it has a store for audit alone. */
async function makeProject(): Promise<{ readonly project: Project; readonly env: Record<string, string> }> {
  const project = await createProject('minimal', (manifest) =>
    manifest.replace('tools:', 'audit: { sink: store, retention: 30d }\ntools:'),
  );
  onTestFinished(() => project.remove());
  const env = {
    PATH: process.env.PATH ?? '',
    MCP_STORE_PATH: join(project.path, 'data/audit.sqlite'),
    MCP_TENANT: 'acme',
  };
  return { project, env };
}

async function run(cwd: string, env: Readonly<Record<string, string>>, args: readonly string[]) {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

test('operators read audit of their tenant and environment from the store', async () => {
  const { project, env } = await makeProject();
  const { path } = project;
  await callEach(project, env, ['Ada', 'Grace', 'Barbara']);
  const shown = await run(path, env, ['src/operations.ts', 'audit', '--json', '--since', '1h']);
  expect(shown.code).toBe(0);
  const events = shown.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.map(({ tool, tenant, chain }) => [tool, tenant, chain.sequence])).toEqual([
    ['greet', 'acme', 1],
    ['greet', 'acme', 2],
    ['greet', 'acme', 3],
  ]);
  const audit = (changes: Record<string, string>) => run(path, { ...env, ...changes }, ['src/operations.ts', 'audit']);
  const others = await Promise.all([audit({ MCP_TENANT: 'other' }), audit({ MCP_ENVIRONMENT: 'staging' })]);
  expect(others.map(({ code, stdout }) => [code, stdout])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect((await audit({})).stdout).toMatch(/^\S+ {2}tool_call {2}op_\w+ {2}greet {2}/);
});

test('what a command cannot do in a project that only keeps audit is said', async () => {
  const { project, env } = await makeProject();
  const operations = (...flags: string[]) => run(project.path, env, ['src/operations.ts', ...flags]);
  const [soon, list] = await Promise.all([operations('audit', '--since', 'soon'), operations('list')]);
  expect([soon.code, list.code]).toEqual([2, 2]);
  expect(list.stderr).toContain('no tool that writes');
});

test('audit in the store is verified, and found to be tampered with', async () => {
  const { project, env } = await makeProject();
  const { path } = project;
  await callEach(project, env, ['Ada', 'Grace', 'Barbara']);
  const sound = await run(path, env, ['src/verify-audit.ts']);
  expect(sound).toMatchObject({ code: 0, stderr: '' });
  expect(sound.stdout).toContain('3 events, 0 other lines, 0 findings');
  const database = new DatabaseSync(env['MCP_STORE_PATH'] ?? '');
  database.exec('DELETE FROM audit WHERE sequence = 2');
  database.close();
  expect(await run(path, env, ['src/verify-audit.ts'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('1 before it are missing'),
  });
});

async function callEach({ path }: Project, env: Record<string, string>, names: readonly string[]): Promise<void> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  const args = ['src/index.ts'];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: path, env, stderr: 'ignore' }));
  for (const name of names) await client.callTool({ name: 'greet', arguments: { name } });
  await client.close();
}

test('a store that cannot be opened keeps a server from starting, and is named once', async () => {
  const { project, env } = await makeProject();
  const wrong = { ...env, MCP_STORE_PATH: '/dev/null/audit.sqlite' };
  const { code, stderr } = await run(project.path, wrong, ['src/index.ts', '--check-config']);
  expect(code).toBe(2);
  expect(stderr.match(/MCP_STORE_PATH/g)).toHaveLength(1);
});

test.each(['sqlite', 'postgres', 'redis'])(
  'a project that writes, and keeps audit in %s, compiles',
  async (store) => {
    const project = await createProject('billing', (manifest) =>
      manifest
        .replace('store: sqlite', `store: ${store}`)
        .replace('limits: {', 'audit: { sink: store }\nlimits: {')
        .replaceAll(
          'mutability: irreversible',
          store === 'redis' ? 'mutability: destructive' : 'mutability: irreversible',
        ),
    );
    onTestFinished(() => project.remove());
    expect(await compileProject(project)).toBe('');
  },
  60_000,
);
