/** `--check-config` of a generated project: whether it would start, all at once that keeps it from that, and no secret. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { startUpstream } from '../kernel/upstream/loopback.ts';
import { createProject, type Project } from './project.ts';

const CANARY = 'canary-hunter2';

const SIGN_IN = `auth:
  type: oauth
  issuer: { env: SHOP_ISSUER }
  audience: { env: SHOP_URL }
`;

let open: Project;
let signsIn: Project;
let shared: Project;

beforeAll(async () => {
  [open, signsIn, shared] = await Promise.all([
    createProject('billing'),
    createProject('billing', (manifest) => manifest.replace(/^auth: .*\n/m, SIGN_IN)),
    createProject('billing', (manifest) => manifest.replace('store: sqlite', 'store: postgres')),
  ]);
}, 60_000);
afterAll(() => Promise.all([open, signsIn, shared].map((project) => project.remove())));

interface Checked {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly problems: readonly string[];
}

async function check(
  project: Project,
  variables: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Checked> {
  const child = spawn(process.execPath, ['src/index.ts', '--check-config', ...flags], {
    cwd: project.path,
    env: { PATH: process.env.PATH, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  expect(stdout + stderr).not.toContain(CANARY);
  expect(stderr).not.toMatch(/\n {4}at /);
  return { code, stdout, stderr, problems: stderr.split('\n').filter((line) => line.startsWith('  - ')) };
}

/** All that the project needs, in a folder of its own. */
async function goodEnvironment(changes: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'check-config-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return {
    BILLING_API_URL: 'https://api.billing.example',
    BILLING_API_TOKEN: CANARY,
    MCP_STORE_PATH: join(folder, 'store.sqlite'),
    MCP_AUDIT_FILE: join(folder, 'audit.jsonl'),
    ...changes,
  };
}

test('a server that lacks nothing would start: its store is made, and nobody else is asked', async () => {
  const upstream = await startUpstream({ status: 200, body: {} });
  const { origin } = upstream.url;
  const variables = await goodEnvironment({ BILLING_API_URL: origin, MCP_SCOPES: 'invoices:read' });
  const { code, stdout, stderr } = await check(open, variables);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('it would start: the store was opened');
  expect(stdout).toContain(`upstream billing at ${origin}`);
  expect(existsSync(variables['MCP_STORE_PATH'] ?? '')).toBe(true);
  expect(upstream.received).toEqual([]);
});

test('everything that keeps it from starting is said at once, also what only shows when it is opened', async () => {
  const { code, stdout, problems } = await check(
    open,
    {
      BILLING_API_URL: 'https://evil.example',
      BILLING_API_TOKEN_FILE: '/dev/null/token',
      MCP_SCOPES: 'invoices:raed',
      MCP_WRITES: 'on',
      MCP_AUDIT_KEY: CANARY,
      MCP_AUDIT_FILE: '/dev/null/audit.jsonl',
      MCP_STORE_PATH: '/dev/null/store.sqlite',
      MCP_HTTP_PORT: '70000',
    },
    ['--transport', 'http', '--insecure-local'],
  );
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  const places = ['BILLING_API_URL', 'BILLING_API_TOKEN_FILE', 'MCP_SCOPES', 'MCP_WRITES', 'MCP_AUDIT_KEY'];
  const named = [...places, 'MCP_AUDIT_FILE', 'MCP_STORE_PATH', 'MCP_HTTP_PORT'];
  expect(named.filter((name) => !problems.some((problem) => problem.includes(`${name} `)))).toEqual([]);
  expect(problems).toHaveLength(8);
});

test.each([
  ['an upstream at a host that is not allowed', { BILLING_API_URL: 'https://evil.example' }, 'BILLING_API_URL'],
  ['an upstream without TLS', { BILLING_API_URL: 'http://api.billing.example' }, 'BILLING_API_URL'],
  ['a secret in a file that cannot be read', { BILLING_API_TOKEN: '', BILLING_API_TOKEN_FILE: '/nowhere' }, '_FILE'],
  ['a secret that no header can carry', { BILLING_API_TOKEN: `${CANARY}\n` }, 'BILLING_API_TOKEN'],
  ['a secret given twice', { BILLING_API_TOKEN_FILE: '/dev/null' }, 'both set'],
  ['an audit file that cannot be written', { MCP_AUDIT_FILE: '/nowhere/audit.jsonl' }, 'MCP_AUDIT_FILE'],
  ['a store whose folder cannot be made', { MCP_STORE_PATH: '/dev/null/store.sqlite' }, 'MCP_STORE_PATH'],
])('%s keeps it from starting', async (_, changes, named) => {
  const { code, problems } = await check(open, await goodEnvironment(changes));
  expect(code).toBe(2);
  expect(problems.join()).toContain(named);
});

test('a file that is no store keeps it from starting', async () => {
  const variables = await goodEnvironment();
  await writeFile(
    variables['MCP_STORE_PATH'] ?? '',
    'something else, and long enough to be read as a header of SQLite',
  );
  const { code, problems } = await check(open, variables);
  expect(code).toBe(2);
  expect(problems.join()).toContain('MCP_STORE_PATH');
});

test('a port, a flag and an address that are wrong are found where it is to be reached over HTTP', async () => {
  const variables = await goodEnvironment({ MCP_HTTP_PORT: 'eighty', MCP_HTTP_HOST: '0.0.0.0' });
  expect((await check(open, variables)).code).toBe(0);
  const { code, problems } = await check(open, variables, ['--transport', 'http', '--insecure-local']);
  expect(code).toBe(2);
  expect(problems.join()).toContain('MCP_HTTP_PORT');
  const listening = await check(open, { ...variables, MCP_HTTP_PORT: '0' }, ['--transport', 'http']);
  expect(listening.problems.join()).toContain('--insecure-local');
});

test('whose tokens are accepted is checked as it is written; nobody is asked', async () => {
  const flags = ['--transport', 'http'];
  const parties = { SHOP_ISSUER: 'https://login.invalid', SHOP_URL: 'https://shop.example/mcp' };
  expect((await check(signsIn, await goodEnvironment(parties), flags)).code).toBe(0);
  const wrong = await goodEnvironment({ SHOP_ISSUER: 'http://login.example', SHOP_URL: 'shop' });
  const { code, problems } = await check(signsIn, wrong, flags);
  expect(code).toBe(2);
  expect(problems).toHaveLength(2);
  expect(problems.join()).toContain('SHOP_ISSUER');
});

test('a store elsewhere that cannot be reached keeps it from starting, and its password is not said', async () => {
  const url = `postgres://ada:${CANARY}@127.0.0.1:1/app`;
  const { code, problems } = await check(shared, await goodEnvironment({ MCP_STORE_URL: url }));
  expect(code).toBe(2);
  expect(problems.join()).toContain('postgres://127.0.0.1:1/app');
  const nothing = await check(shared, await goodEnvironment({ MCP_WRITES: 'on' }));
  expect(nothing.problems).toHaveLength(2);
});

test('a secret in a file is read, and not said', async () => {
  const variables = await goodEnvironment({ BILLING_API_TOKEN: '' });
  const file = join(variables['MCP_STORE_PATH'] ?? '', '../token');
  await writeFile(file, CANARY);
  await chmod(file, 0o600);
  expect((await check(open, { ...variables, BILLING_API_TOKEN_FILE: file })).code).toBe(0);
});
