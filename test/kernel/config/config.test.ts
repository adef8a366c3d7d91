import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

import { ConfigurationError, expandScopes, readConfiguration, readSettings } from '../../../templates/kernel/config.ts';
import { text } from '../../../templates/kernel/expression.ts';
import type { ServerDeclaration, UpstreamDeclaration } from '../../../templates/kernel/tool.ts';
import { upstreamPart } from '../../../templates/kernel/upstream/part.ts';
import { declareTool } from '../upstream/declared.ts';

const billing: UpstreamDeclaration = {
  name: 'billing',
  baseUrl: { env: 'BILLING_URL' },
  allowedHosts: ['api.example', 'sandbox.example:8443', '127.0.0.1'],
  credential: { type: 'bearer', token: { secret: 'BILLING_TOKEN' } },
  timeoutMs: 1_000,
  attempts: 1,
  maxDelayMs: 1_000,
  maxResponseBytes: 1_000,
};

function declare(about: Partial<ServerDeclaration> = {}): ServerDeclaration {
  return {
    name: 'shop',
    version: '1.0.0',
    scopes: { 'a:read': [], 'a:write': ['a:read'], 'a:all': ['a:write'] },
    roles: { boss: ['a:all'], clerk: ['a:read'] },
    upstreams: [],
    tools: [declareTool({ mutability: 'additive' })],
    retentionMs: 1_000,
    ...about,
  };
}

const withBilling = declare({ upstreams: [billing] });
const FINE = { BILLING_URL: 'https://api.example/v1', BILLING_TOKEN: 'canary-secret' };

function problemsOf(server: ServerDeclaration, env: Record<string, string>): readonly string[] {
  try {
    readConfiguration(server, env, { upstreams: upstreamPart, http: {} });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

function authorization(server: ServerDeclaration, env: Record<string, string>): string | null {
  const headers = new Headers();
  readSettings(server, env, upstreamPart).upstreams.get('billing')?.authorize(headers);
  return headers.get('authorization');
}

function secretFile(contents: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'secret-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'token');
  writeFileSync(path, contents);
  return path;
}

test('an empty environment is enough for a server without upstreams, and allows nothing', () => {
  const { settings, caller, http } = readConfiguration(declare(), {}, { http: {} });
  expect(settings).toMatchObject({ environment: 'development', writes: false, leaseMs: 60_000, deadlineMs: 30_000 });
  expect(caller).toMatchObject({ subject: 'local', scopes: new Set(), roles: new Set() });
  expect(caller.tenant).toBeUndefined();
  expect(http).toEqual({
    host: '127.0.0.1',
    port: 3_000,
    allowedHosts: ['localhost', '127.0.0.1', '[::1]'],
    allowedOrigins: ['localhost', '127.0.0.1', '[::1]'],
  });
});

test('hosts that are named come beside those of this machine and of the URL to sign in for; origins in their place', () => {
  const variables = { MCP_ALLOWED_HOSTS: 'mcp.example, other.example', MCP_ALLOWED_ORIGINS: 'app.example' };
  const here = ['localhost', '127.0.0.1', '[::1]'];
  const named = ['mcp.example', 'other.example'];
  expect(readConfiguration(declare(), variables, { http: {} }).http).toMatchObject({
    allowedHosts: [...here, ...named],
    allowedOrigins: ['app.example'],
  });
  const auth = { issuer: { value: '' }, audience: { value: '' }, claims: {} };
  const audience = 'https://shop.example:8443/mcp';
  const signIn = () => ({ issuer: 'https://issuer.example', audience, prepare: () => expect.unreachable() });
  const signedIn = readConfiguration(declare({ auth }), variables, { http: {}, signIn });
  expect(signedIn.http?.allowedHosts).toEqual([...here, 'shop.example', ...named]);
});

test('every problem is named at once, with its variable and without any secret', () => {
  const problems = problemsOf(withBilling, {
    BILLING_URL: 'ftp://evil.example',
    BILLING_TOKEN: 'canary-secret',
    BILLING_TOKEN_FILE: '/nowhere',
    MCP_WRITES: 'yes',
    MCP_LEASE_MS: '-1',
    MCP_DEADLINE_MS: '1e3',
    MCP_HTTP_PORT: '70000',
    MCP_SCOPES: 'a:read a:wriet',
  });
  const named = [
    'BILLING_URL',
    'BILLING_TOKEN',
    'MCP_WRITES',
    'MCP_LEASE_MS',
    'MCP_DEADLINE_MS',
    'MCP_HTTP_PORT',
    'a:wriet',
  ];
  for (const name of named) expect(problems.some((problem) => problem.includes(name))).toBe(true);
  expect(problems.join()).not.toContain('canary-secret');
});

for (const [url, complaint] of [
  ['https://evil.example', 'not allowed'],
  ['https://api.example.evil.example', 'not allowed'],
  ['https://sandbox.example', 'not allowed'],
  ['http://api.example', 'https://'],
  ['https://user:pass@api.example', 'user, password'],
  ['https://api.example/?a=1', 'query'],
  ['https://api.example/#x', 'fragment'],
  ['api.example', 'no URL'],
  ['javascript:alert(1)', 'https://'],
] as const) {
  test(`the base URL ${url} is refused`, () => {
    expect(problemsOf(withBilling, { ...FINE, BILLING_URL: url }).join()).toContain(complaint);
  });
}

for (const url of [
  'https://api.example',
  'https://api.example:444',
  'https://sandbox.example:8443',
  'http://127.0.0.1:9',
]) {
  test(`the base URL ${url} is taken`, () => {
    expect(
      readSettings(withBilling, { ...FINE, BILLING_URL: url }, upstreamPart).upstreams.get('billing')?.baseUrl.origin,
    ).toBe(url);
  });
}

const anywhere: UpstreamDeclaration = {
  ...billing,
  allowedHosts: ['127.0.0.1', 'localhost', '[::1]', '10.0.0.1', '169.254.169.254', '8.8.8.8', 'api.example'],
};

function reachAt(url: string, about: Partial<UpstreamDeclaration> = {}) {
  const server = declare({ upstreams: [{ ...anywhere, ...about }] });
  return readSettings(server, { ...FINE, BILLING_URL: url }, upstreamPart).upstreams.get('billing')?.reach;
}

test('an upstream is at public addresses, unless its URL names this machine or the manifest says private', () => {
  expect(reachAt('https://api.example')).toBe('public');
  expect(reachAt('https://8.8.8.8')).toBe('public');
  for (const url of ['http://127.0.0.1:9', 'http://localhost:9', 'https://[::1]:9']) {
    expect(reachAt(url)).toBe('this-machine');
    expect(reachAt(url, { addresses: 'private' })).toBe('this-machine');
  }
  expect(reachAt('https://10.0.0.1', { addresses: 'private' })).toBe('private');
});

test('an address that the upstream may not be at is refused at start, and what to do about it said', () => {
  const server = declare({ upstreams: [anywhere] });
  const at = (url: string, about = server) => problemsOf(about, { ...FINE, BILLING_URL: url }).join();
  expect(at('https://10.0.0.1')).toContain('set addresses of the upstream billing to private');
  expect(at('https://0x0a.1')).toContain('set addresses of the upstream billing to private');
  const trusting = declare({ upstreams: [{ ...anywhere, addresses: 'private' }] });
  for (const url of ['https://169.254.169.254', 'https://2852039166', 'https://0xa9fea9fe']) {
    expect(at(url)).toContain('where no upstream may be');
    expect(at(url, trusting)).toContain('where no upstream may be');
  }
});

test('a variable that an upstream needs is asked for by name', () => {
  const problems = problemsOf(withBilling, {});
  expect(problems).toHaveLength(2);
  expect(problems[0]).toContain('BILLING_URL is not set');
  expect(problems[1]).toContain('BILLING_TOKEN is not set');
});

test('a secret comes from its variable or from its file, without the final line break', () => {
  expect(authorization(withBilling, FINE)).toBe('Bearer canary-secret');
  const env = { BILLING_URL: FINE.BILLING_URL, BILLING_TOKEN_FILE: secretFile('from-file\n') };
  expect(authorization(withBilling, env)).toBe('Bearer from-file');
});

test('a secret given twice is refused, although both could be used', () => {
  const problems = problemsOf(withBilling, { ...FINE, BILLING_TOKEN_FILE: secretFile('other') });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('BILLING_TOKEN_FILE are both set');
});

test('a secret file is read again when it changes', () => {
  const path = secretFile('first-secret');
  const settings = readSettings(withBilling, { BILLING_URL: FINE.BILLING_URL, BILLING_TOKEN_FILE: path }, upstreamPart);
  writeFileSync(path, 'second');
  const headers = new Headers();
  settings.upstreams.get('billing')?.authorize(headers);
  expect(headers.get('authorization')).toBe('Bearer second');
});

test('a secret that no header can carry is refused without being shown', () => {
  const problems = problemsOf(withBilling, { ...FINE, BILLING_TOKEN: 'canary\nX-Evil: 1' });
  expect(problems).toHaveLength(1);
  expect(problems[0]).not.toContain('canary');
});

test('API keys and basic credentials go where they belong', () => {
  const keyed = declare({
    upstreams: [{ ...billing, credential: { type: 'api-key', header: 'X-Key', key: { secret: 'BILLING_TOKEN' } } }],
  });
  const headers = new Headers();
  readSettings(keyed, FINE, upstreamPart).upstreams.get('billing')?.authorize(headers);
  expect(headers.get('x-key')).toBe('canary-secret');
  const basic = declare({
    upstreams: [
      {
        ...billing,
        credential: { type: 'basic', username: { value: 'ann' }, password: { secret: 'BILLING_TOKEN' } },
      },
    ],
  });
  expect(authorization(basic, FINE)).toBe(`Basic ${Buffer.from('ann:canary-secret').toString('base64')}`);
});

test('settings show no secret, however they are printed', () => {
  const configuration = readConfiguration(withBilling, FINE, { upstreams: upstreamPart });
  const shown =
    inspect(configuration, { depth: 20, showHidden: true }) + JSON.stringify(configuration) + `${configuration}`;
  expect(shown).not.toContain('canary-secret');
});

test('a tool that declares a header of the server or of the credential keeps it from starting', () => {
  const api = {
    ...billing,
    name: 'api',
    credential: { type: 'api-key', header: 'X-Key', key: { secret: 'BILLING_TOKEN' } },
  } as const;
  const tools = [
    declareTool({ request: { headers: { Authorization: text('x'), 'x-key': text('y'), 'X-Fine': text('z') } } }),
  ];
  const problems = problemsOf(declare({ upstreams: [api], tools }), FINE);
  expect(problems).toHaveLength(2);
  expect(problems.join()).not.toContain('X-Fine');
});

test('writes are on only when they are enabled, word for word', () => {
  expect(readSettings(declare(), { MCP_WRITES: 'enabled' }).writes).toBe(true);
  expect(readSettings(declare(), { MCP_WRITES: 'disabled' }).writes).toBe(false);
  expect(readSettings(declare(), { MCP_WRITES: '' }).writes).toBe(false);
  expect(problemsOf(declare(), { MCP_WRITES: 'true' })).toHaveLength(1);
});

test('what a server does not do is not asked for', () => {
  const wrong = { MCP_WRITES: 'true', MCP_LEASE_MS: 'x', MCP_HTTP_PORT: 'x' };
  const { settings, http } = readConfiguration(declare({ tools: [declareTool({})] }), wrong);
  expect(settings).toMatchObject({ writes: false, leaseMs: 60_000 });
  expect(http).toBeUndefined();
});

test('the caller has the scopes named, those of its roles and all that they imply', () => {
  const { caller } = readConfiguration(declare(), {
    MCP_SUBJECT: 'ann',
    MCP_TENANT: 'acme',
    MCP_SCOPES: 'a:read, a:write',
    MCP_ROLES: 'boss auditor',
  });
  expect(caller).toMatchObject({ subject: 'ann', tenant: 'acme' });
  expect(caller.scopes).toEqual(new Set(['a:read', 'a:write', 'a:all']));
  expect(caller.roles).toEqual(new Set(['boss', 'auditor']));
});

test('where tools act for a tenant, a caller without one is a problem at the start, but where callers sign in', () => {
  const tools = ['get_stock', 'get_order'].map((name) => {
    const tool = declareTool({});
    return {
      ...tool,
      definition: { ...tool.definition, name },
      policy: { ...tool.policy, needsTenant: true as const },
    };
  });
  const server = declare({ tools });
  expect(() => readConfiguration(server, {})).toThrow(
    'MCP_TENANT is missing: the tenant for whom get_stock, get_order act.',
  );
  expect(readConfiguration(server, { MCP_TENANT: 'acme' }).caller.tenant).toBe('acme');
});

test('scopes that imply each other in a circle are all held, and names of the prototype bring nothing', () => {
  const circular = { scopes: { a: ['b'], b: ['c'], c: ['a'] }, roles: {} };
  expect(expandScopes(circular, { scopes: ['b'], roles: [] })).toEqual(new Set(['a', 'b', 'c']));
  expect(expandScopes(circular, { scopes: ['constructor'], roles: ['toString'] })).toEqual(new Set(['constructor']));
});

test('a server with upstreams does not start without the part that calls them', () => {
  expect(() => readSettings(withBilling, FINE)).toThrow(/has upstreams/);
});
