/** A generated project under the flags of its own script `start:hardened`: it serves, and can do nothing else. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { createProject, inTemporaryProject, readFixture, REPOSITORY } from '../../scripts/fixture-projects.ts';
import { startUpstream } from '../kernel/upstream/loopback.ts';

let project = '';
let flags: readonly string[] = [];
const end = Promise.withResolvers<void>();
let ended: Promise<void> = Promise.resolve();

/** Built as its script `build` does. */
beforeAll(async () => {
  const built = Promise.withResolvers<void>();
  ended = inTemporaryProject(async (directory) => {
    await createProject(directory, await readFixture('billing'));
    const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: directory });
    if (status !== 0) throw new Error(String(stdout));
    const { scripts } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8'));
    const [, ...words] = String(scripts['start:hardened']).split(' ');
    // Of a project that was installed the packages are inside; of this one they are linked.
    flags = [`--allow-fs-read=${join(REPOSITORY, 'node_modules')}`, ...words.slice(0, -1)];
    project = directory;
    built.resolve();
    await end.promise;
  });
  await Promise.race([built.promise, ended]);
}, 60_000);
afterAll(() => {
  end.resolve();
  return ended;
});

test('it serves reads and writes over stdio, and keeps operations in a folder that it makes', async () => {
  const invoice = { id: 'inv_4821abcd', customer_id: 'cus_1', status: 'paid', total_cents: 5, refunded_cents: 0 };
  const upstream = await startUpstream({ status: 200, body: { data: invoice } });
  const env = {
    ...getDefaultEnvironment(),
    BILLING_API_URL: upstream.url.origin,
    BILLING_API_TOKEN: 'token',
    MCP_SCOPES: 'invoices:read customers:write',
    MCP_WRITES: 'enabled',
  };
  const client = new Client({ name: 'test', version: '1.0.0' });
  onTestFinished(() => client.close());
  const args = [...flags, 'dist/index.js'];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: project, env, stderr: 'ignore' }),
  );
  await client.callTool({ name: 'get_invoice', arguments: { invoice_id: 'inv_4821abcd' } });
  await client.callTool({
    name: 'update_customer_email',
    arguments: { customer_id: 'cus_4821abcd', email: 'a@b.example' },
  });
  expect(upstream.received.map(({ method }) => method)).toEqual(['GET', 'PUT']);
});

function run(code: string): { readonly status: number | null; readonly stderr: string } {
  const args = [...flags, '--input-type=module', '--eval', code];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
  return { status, stderr };
}

test.each([
  ['read a file outside', "(await import('node:fs')).readFileSync('/etc/hosts')", 'ERR_ACCESS_DENIED'],
  ['write outside its data', "(await import('node:fs')).writeFileSync('dist/index.js', '')", 'ERR_ACCESS_DENIED'],
  ['start a program', "(await import('node:child_process')).spawnSync('true')", 'ERR_ACCESS_DENIED'],
  ['start a thread', "new (await import('node:worker_threads')).Worker('1', { eval: true })", 'ERR_ACCESS_DENIED'],
  ['make code from text', "new Function('return 1')()", 'EvalError'],
  ['reach a prototype', '({}).__proto__', 'ERR_PROTO_ACCESS'],
])('it cannot %s', (_, code, refusal) => {
  const { status, stderr } = run(code);
  expect(status).not.toBe(0);
  expect(stderr).toContain(refusal);
});

test('it may write to its data', async () => {
  await mkdir(join(project, 'data'), { recursive: true });
  await writeFile(join(project, 'data/there'), '');
  expect(run("(await import('node:fs')).writeFileSync('data/audit.jsonl', '')").status).toBe(0);
});
