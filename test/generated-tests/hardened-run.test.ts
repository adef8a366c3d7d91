/** What a server cannot do under the flags of its own script `start:hardened`. */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startNode } from '../kernel/transport/process.ts';
import { findClosedPort } from '../kernel/upstream/loopback.ts';
import { buildHardened, connectStdio, startHardened, type HardenedProject } from './hardened-project.ts';

let project: HardenedProject;
beforeAll(async () => {
  project = await buildHardened();
}, 60_000);
afterAll(() => project.remove());

function run(code: string): { readonly status: number | null; readonly stderr: string } {
  const args = [...project.flags, '--input-type=module', '--eval', code];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: project.path, encoding: 'utf8' });
  return { status, stderr };
}

test('the script starts the server itself, with nothing between', async () => {
  expect(await startHardened(project.path)).toMatch(/^node (?:--[^ ]+ )+dist\/index\.js$/);
});

test.each([
  ['read a file outside', "(await import('node:fs')).readFileSync('/etc/hosts')", 'ERR_ACCESS_DENIED'],
  ['read outside by a path that begins inside', "(await import('node:fs')).readFileSync('../x')", 'ERR_ACCESS_DENIED'],
  ['list a folder outside', "(await import('node:fs')).readdirSync('/etc')", 'ERR_ACCESS_DENIED'],
  ['write outside its data', "(await import('node:fs')).writeFileSync('dist/index.js', '')", 'ERR_ACCESS_DENIED'],
  ['link to what is outside', "(await import('node:fs')).symlinkSync('/etc', 'data/etc')", 'ERR_ACCESS_DENIED'],
  ['start a program', "(await import('node:child_process')).spawnSync('true')", 'ERR_ACCESS_DENIED'],
  ['start a thread', "new (await import('node:worker_threads')).Worker('1', { eval: true })", 'ERR_ACCESS_DENIED'],
  ['load native code', "process.dlopen({ exports: {} }, './data/code.node')", 'ERR_DLOPEN_DISABLED'],
  ['evaluate text', "(0, eval)('1')", 'EvalError'],
  ['make code from text', "new Function('return 1')()", 'EvalError'],
  ['make code from text by way of an array', "[]['constructor']['constructor']('return 1')()", 'EvalError'],
  ['reach a prototype', '({}).__proto__', 'ERR_PROTO_ACCESS'],
  ['change what arrays do', 'Array.prototype.push = () => 0', 'TypeError'],
  ['change what JSON does', 'JSON.parse = () => 0', 'TypeError'],
  ['give every object a member', "Object.defineProperty(Object.prototype, 'x', { value: 1 })", 'TypeError'],
])('it cannot %s', (_, code, refusal) => {
  const { status, stderr } = run(code);
  expect(status).not.toBe(0);
  expect(stderr).toContain(refusal);
});

test('it may write to its data', async () => {
  await mkdir(join(project.path, 'data'), { recursive: true });
  expect(run("(await import('node:fs')).writeFileSync('data/audit.jsonl', '')").status).toBe(0);
});

test('the flags alone refuse: without them all of it is possible', async () => {
  const file = join(project.path, 'all.mjs');
  await writeFile(
    file,
    `import { readFileSync } from 'node:fs';
     import { spawnSync } from 'node:child_process';
     readFileSync('/etc/hosts');
     if (spawnSync('true').error) throw new Error('no program');
     if ((0, eval)('1') !== 1 || !({}).__proto__) throw new Error('no eval');
     Array.prototype.push = Array.prototype.push;`,
  );
  expect(spawnSync(process.execPath, [file], { encoding: 'utf8' }).stderr).toBe('');
});

const ENVIRONMENT = { BILLING_API_TOKEN: 'token', MCP_SCOPES: 'invoices:read', MCP_WRITES: 'enabled' };

test('an upstream that is gone is told as ever', async () => {
  const gone = { ...ENVIRONMENT, BILLING_API_URL: `http://127.0.0.1:${await findClosedPort()}` };
  const client = await connectStdio(project, gone);
  const answer = await client.callTool({ name: 'get_invoice', arguments: { invoice_id: 'inv_4821abcd' } });
  expect(answer).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('UPSTREAM_UNAVAILABLE') }] });
});

test('a store outside its data is refused at the start', async () => {
  const outside = { ...ENVIRONMENT, BILLING_API_URL: 'http://127.0.0.1:1', MCP_STORE_PATH: '../store.sqlite' };
  const served = startNode([...project.flags, 'dist/index.js'], { environment: outside, cwd: project.path });
  expect(await served.exited).toBe(2);
  expect(served.output().stderr).toContain('Operations cannot be kept in ../store.sqlite');
});
