import { readFileSync } from 'node:fs';
import { request } from 'node:http';

import { expect, test } from 'vitest';

import { startServed } from '../transport/process.ts';
import { AUDIENCE } from './issuer.ts';
import { callOf, connect, environmentFor, LIST, OPAQUE, send, SIGNED_IN, startSignedIn } from './signed-in.ts';

const METADATA = 'resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"';
const ORG = { org: 'acme' };

test('who has no token is told where to get one, and what to ask for', async () => {
  const { url } = await startSignedIn();
  const { status, challenge, body } = await send(url, undefined);
  expect(status).toBe(401);
  expect(challenge).toBe(`Bearer scope="read", ${METADATA}`);
  expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', id: null, error: {} });
});

test('the metadata names this server, its issuer and its scopes, and nothing but GET gets it', async () => {
  const { url, issuer } = await startSignedIn();
  const expected = {
    resource: AUDIENCE,
    resource_name: 'signed-in',
    authorization_servers: [issuer.url],
    scopes_supported: ['read', 'write', 'extra', 'approve', 'operate'],
    bearer_methods_supported: ['header'],
  };
  for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
    const response = await fetch(new URL(path, url));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(expected);
    expect((await fetch(new URL(path, url), { method: 'POST' })).status).toBe(405);
  }
  expect((await fetch(new URL('/.well-known/oauth-protected-resource/other', url))).status).toBe(404);
});

test('a token that is not good here is refused before anything is read, everywhere', async () => {
  const { url, issuer } = await startSignedIn();
  const bad = [
    await issuer.sign({ ...ORG, exp: 1 }),
    await issuer.sign({ ...ORG, aud: 'https://other.example' }),
    await issuer.sign({}),
    'opaque',
  ];
  for (const token of bad) {
    for (const target of [url, new URL('/operations', url)]) {
      const { status, challenge } = await send(target, token);
      expect(status).toBe(401);
      expect(challenge).toBe(
        `Bearer error="invalid_token", error_description="The access token is not good here", scope="read", ${METADATA}`,
      );
    }
  }
  const inQuery = new URL(`?access_token=${await issuer.sign(ORG)}`, url);
  expect((await send(inQuery, undefined)).status).toBe(401);
  const basic = await fetch(url, { method: 'POST', headers: { authorization: 'Basic YTpi' }, body: '{}' });
  expect(basic.status).toBe(401);
});

test('what a tool needs is told in one challenge, and on record', async () => {
  const { url, issuer, served, ledger } = await startSignedIn();
  const { status, challenge, body } = await send(url, await issuer.sign(ORG), callOf('note'));
  expect(status).toBe(403);
  expect(challenge).toBe(
    `Bearer error="insufficient_scope", error_description="This tool needs more scopes", scope="write extra", ${METADATA}`,
  );
  expect(JSON.parse(body)).toMatchObject({ jsonrpc: '2.0', id: 7, result: { isError: true } });
  const log = await served.stderr(/"tool":"note"/);
  expect(log).toMatch(/"tool":"note","subject":"ada","tenant":"acme".*"decision":"refused","code":"SCOPE_MISSING"/);
  expect(ledger.received).toEqual([]);
});

test('each request is its own caller, with the tenant and the run of its token', async () => {
  const { url, issuer, served } = await startSignedIn();
  const people = ['ada', 'bo', 'cy', 'di'];
  const answers = await Promise.all(
    people.flatMap((sub) =>
      Array.from({ length: 10 }, async (_, turn) => {
        const token = await issuer.sign({ sub, org: `org-of-${sub}`, jti: `${sub}-${turn}` });
        return [sub, (await send(url, token, callOf('look'))).body] as const;
      }),
    ),
  );
  for (const [sub, body] of answers) expect(body).toContain(`org-of-${sub} ${sub}`);
  const log = await served.stderr(/"run":"di-9"/);
  expect(log).toMatch(/"subject":"di","tenant":"org-of-di","run":"di-9"/);
});

test('a list is for its caller alone', async () => {
  const { url, issuer } = await startSignedIn();
  const { client } = await connect(url, await issuer.sign(ORG), 'modern');
  expect(await client.listTools()).toMatchObject({ cacheScope: 'private' });
});

test('somebody else approves over HTTP, who holds the scope and is of the same tenant', async () => {
  const { url, issuer, ledger } = await startSignedIn();
  const ada = await issuer.sign({ ...ORG, scope: 'write approve operate' });
  const asked = await send(url, ada, callOf('pay'));
  const [id = ''] = /op_[0-9a-f]{32}/.exec(asked.body) ?? [];
  expect(asked.body).toContain('APPROVAL_REQUIRED');
  const approve = async (token: string) =>
    (
      await fetch(new URL(`/operations/${id}/approve`, url), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      })
    ).status;
  expect(await approve(ada)).toBe(403);
  expect(await approve(await issuer.sign({ ...ORG, sub: 'bo', scope: 'operate' }))).toBe(403);
  expect(await approve(await issuer.sign({ org: 'other', sub: 'bo', scope: 'approve operate' }))).toBe(404);
  expect(ledger.received).toEqual([]);
  expect(await approve(await issuer.sign({ ...ORG, sub: 'bo', scope: 'approve operate' }))).toBe(200);
  expect((await send(url, ada, callOf('pay'))).body).toContain('done');
  expect(ledger.received).toHaveLength(1);
});

test('an issuer that is gone leaves callers without answer, not without rights', async () => {
  const { url, issuer } = await startSignedIn();
  const token = await issuer.sign(ORG);
  issuer.failWith(500);
  expect((await send(url, token)).status).toBe(503);
  issuer.failWith(undefined);
  expect((await send(url, token)).status).toBe(200);
});

test('opaque tokens are introspected, and a revoked one is refused', async () => {
  const { url, issuer } = await startSignedIn({ opaque: true });
  const token = issuer.issue({ ...ORG, scope: 'read' });
  expect((await send(url, token, callOf('look'))).body).toContain('acme ada');
  issuer.revoke(token);
  expect((await send(url, token, callOf('look'))).status).toBe(401);
});

test.each([false, true])('no token shows anywhere but at the issuer (opaque: %s)', async (opaque) => {
  const { url, issuer, ledger, served, storePath } = await startSignedIn({ opaque });
  const make = (claims: Record<string, unknown>) =>
    opaque ? Promise.resolve(issuer.issue(claims)) : issuer.sign(claims);
  const tokens = [
    await make({ ...ORG, scope: 'write extra' }),
    await make({ ...ORG, scope: '' }),
    await make({ ...ORG, exp: 1 }),
  ];
  const shown: string[] = [];
  for (const token of tokens) {
    for (const message of [
      LIST,
      callOf('ping'),
      callOf('look'),
      callOf('note'),
      callOf('manage'),
      callOf('nope'),
      {},
    ]) {
      shown.push(JSON.stringify(await send(url, token, message)));
    }
  }
  expect(ledger.received).toHaveLength(1);
  expect(ledger.received[0]?.headers.authorization).toBe('Bearer ledger-token');
  shown.push(JSON.stringify(ledger.received));
  served.child.kill('SIGTERM');
  await served.exited;
  const { stdout, stderr } = served.output();
  shown.push(stdout, stderr, readFileSync(storePath, 'latin1'));
  for (const secret of tokens.flatMap((token) => (opaque ? [token] : token.split('.').slice(1)))) {
    for (const text of shown) expect(text).not.toContain(secret);
  }
});

test('it listens wherever it is told to, and needs no flag for that', async () => {
  const { served } = await startSignedIn({ environment: { MCP_HTTP_HOST: '0.0.0.0' } });
  expect(served.output().stderr).toContain('listening on http://0.0.0.0:');
});

test('clients may ask for it under the name that tokens have', async () => {
  const { url, issuer } = await startSignedIn();
  const token = await issuer.sign(ORG);
  expect((await send(url, token)).status).toBe(200);
  expect(await statusWithHost(url, token, 'mcp.example')).toBe(200);
  expect(await statusWithHost(url, token, 'evil.example')).toBe(403);
});

test('a flag that would leave out the question who is calling is refused', async () => {
  const environment = environmentFor({ url: 'http://127.0.0.1:1' }, { url: new URL('http://127.0.0.1:1') });
  const served = startServed(['--transport', 'http', '--insecure-local'], environment, SIGNED_IN);
  expect(await served.exited).toBe(2);
  expect(served.output().stderr).toContain('leave --insecure-local out');
});

test('all that is wrong with the settings is said at once, and nothing of it over stdio', async () => {
  const wrong = {
    MCP_ISSUER: 'http://login.example',
    MCP_AUDIENCE: '',
    INTROSPECTION_URL: 'https://ada:canary@login.example/introspect',
    INTROSPECTION_SECRET: '',
  };
  const known = { url: 'https://login.example' };
  const environment = environmentFor(known, { url: new URL('http://127.0.0.1:1') }, { ...OPAQUE(known), ...wrong });
  const overHttp = startServed(['--transport', 'http', '--insecure-local', '--check-config'], environment, SIGNED_IN);
  expect(await overHttp.exited).toBe(2);
  expect(overHttp.output().stderr).toContain('- Over HTTP this server asks who is calling');
  for (const name of Object.keys(wrong)) expect(overHttp.output().stderr).toContain(`- ${name} `);
  expect(overHttp.output().stderr).not.toContain('canary');
  const overStdio = startServed(['--transport', 'stdio', '--check-config'], environment, SIGNED_IN);
  expect(await overStdio.exited).toBe(0);
});

test('it says whose tokens it takes, and its help names the variables', async () => {
  const environment = environmentFor({ url: 'https://login.example' }, { url: new URL('http://127.0.0.1:1') });
  const checked = startServed(['--transport', 'http', '--check-config'], environment, SIGNED_IN);
  expect(await checked.exited).toBe(0);
  expect(checked.output().stdout).toContain(`callers sign in with tokens of https://login.example for ${AUDIENCE}`);
  const help = startServed(['--help'], environment, SIGNED_IN);
  await help.exited;
  expect(help.output().stdout).toMatch(/MCP_ISSUER .*\n.*MCP_AUDIENCE /);
  expect(help.output().stdout).not.toContain('--insecure-local');
});

function statusWithHost(url: URL, token: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      host,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const outgoing = request(url, { method: 'POST', headers }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(LIST));
  });
}
