import { expect, test } from 'vitest';

import type { Delegation } from '../../../templates/kernel/delegation.ts';
import { delegate } from '../../../templates/kernel/subject-token.ts';
import { declareTool } from '../upstream/declared.ts';
import { CREDENTIAL, execute, settingsAt, startApi } from './api.ts';
import { RESOURCE, startIssuer } from './issuer.ts';
import { REVOKED } from './token-exchange-grant.ts';

const EXCHANGE = { ...CREDENTIAL, type: 'oauth-token-exchange' } as const;
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const OK = { kind: 'succeeded', result: { status: 200 } };
const NOT_ISSUED = { code: 'UPSTREAM_CREDENTIAL_NOT_ISSUED', retryable: false, executed: 'no' };

/** Of a caller who came with this token. */
function delegationOf(token: string, livesS = 3_600): Delegation {
  return delegate(token, Date.now() + livesS * 1_000);
}

async function startBoth(credential: Partial<typeof EXCHANGE> & object = {}, { livesS = 3_600 } = {}) {
  const [issuer, api] = await Promise.all([startIssuer({ livesS }), startApi()]);
  const settings = settingsAt(api.url, issuer.tokenUrl, {
    credential: { ...EXCHANGE, ...credential },
    environment: { API_ACTOR_TOKEN: 'actor-token' },
  });
  return { issuer, api, settings };
}

test("the caller's token goes to the issuer, and what it gives for that goes to the upstream", async () => {
  const { issuer, api, settings } = await startBoth();
  expect(await execute(settings, { delegation: delegationOf('canary-of-ann') })).toEqual(OK);
  expect(issuer.exchanged).toEqual([
    {
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: 'canary-of-ann',
      subject_token_type: ACCESS_TOKEN,
      requested_token_type: ACCESS_TOKEN,
    },
  ]);
  expect(await issuer.look(api.tokens[0] ?? '')).toMatchObject({ clientId: 'connector' });
  expect(api.tokens).not.toContain('canary-of-ann');
});

test('the issuer is told who acts, for what, and how much of it, where the manifest says so', async () => {
  const { issuer, api, settings } = await startBoth({
    actorToken: { secret: 'API_ACTOR_TOKEN' },
    audience: 'things-api',
    resource: RESOURCE,
    scopes: ['things.read', 'things.write'],
  } as object);
  const delegation = delegationOf('token-of-ann');
  await execute(settings, { delegation });
  await execute(settings, { delegation, tool: declareTool({ request: { upstreamScopes: ['things.read'] } }) });
  const expected = {
    subject_token: 'token-of-ann',
    actor_token: 'actor-token',
    actor_token_type: ACCESS_TOKEN,
    audience: 'things-api',
    resource: RESOURCE,
  };
  expect(issuer.exchanged).toMatchObject([
    { ...expected, scope: 'things.read things.write' },
    { ...expected, scope: 'things.read' },
  ]);
  expect(await issuer.look(api.tokens[1] ?? '')).toMatchObject({ scope: 'things.read' });
});

test("each token of a caller has its own, which is asked for once, and is nobody else's", async () => {
  const { issuer, api, settings } = await startBoth();
  const [ann, bob] = [delegationOf('token-of-ann'), delegationOf('token-of-bob')];
  await Promise.all(Array.from({ length: 20 }, (_, turn) => execute(settings, { delegation: turn % 2 ? ann : bob })));
  await execute(settings, { delegation: delegationOf('token-of-ann') });
  expect(issuer.exchanged.map((one) => one['subject_token']).toSorted()).toEqual(['token-of-ann', 'token-of-bob']);
  expect(new Set(api.tokens).size).toBe(2);
});

test("what was exchanged is not kept for longer than the caller's own token lasts", async () => {
  const { issuer, settings } = await startBoth();
  const short = delegationOf('token-of-ann', 0.3);
  await execute(settings, { delegation: short });
  await expect.poll(() => Date.now()).toBeGreaterThan(short.endsAt);
  await execute(settings, { delegation: short });
  expect(issuer.exchanged).toHaveLength(2);
});

test('an exchanged token is renewed before it ends', async () => {
  const { issuer, settings } = await startBoth({}, { livesS: 30 });
  const delegation = delegationOf('token-of-ann');
  await execute(settings, { delegation });
  await execute(settings, { delegation });
  expect(issuer.exchanged).toHaveLength(2);
});

test.each(['GET', 'POST'] as const)(
  'a %s that is refused with 401 is sent once more, with a new token',
  async (method) => {
    const { issuer, api, settings } = await startBoth();
    const delegation = delegationOf('token-of-ann');
    const tool = declareTool({ mutability: method === 'GET' ? 'read-only' : 'additive', request: { method } });
    await execute(settings, { tool, delegation });
    api.refused.add(api.tokens[0] ?? '');
    expect(await execute(settings, { tool, delegation })).toEqual(OK);
    expect(issuer.exchanged).toHaveLength(2);
    expect(api.tokens).toHaveLength(3);
  },
);

test('a caller whose token is good no more sends nothing, with what was exchanged for it before neither', async () => {
  const { issuer, api, settings } = await startBoth({}, { livesS: 30 });
  const delegation = delegationOf('token-of-ann');
  await execute(settings, { delegation });
  issuer.interrupt((_, response) =>
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}'),
  );
  expect(await execute(settings, { delegation })).toMatchObject({ kind: 'not-sent', error: NOT_ISSUED });
  issuer.interrupt(undefined);
  const revoked = delegationOf(`${REVOKED}token`);
  expect(await execute(settings, { delegation: revoked })).toMatchObject({ kind: 'not-sent', error: NOT_ISSUED });
  expect(api.tokens).toHaveLength(1);
});

test.each([
  ["gives the caller's own token back", { access_token: 'canary-of-ann' }, NOT_ISSUED],
  ['gives what is no access token', { issued_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, NOT_ISSUED],
  ['gives a token that is none to send', { token_type: 'N_A' }, { executed: 'no' }],
])('where the issuer %s, nothing is sent', async (_, changes, error) => {
  const { issuer, api, settings } = await startBoth();
  const body = { access_token: 'other', issued_token_type: ACCESS_TOKEN, token_type: 'Bearer', ...changes };
  issuer.interrupt((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
  );
  const execution = await execute(settings, { delegation: delegationOf('canary-of-ann') });
  expect(execution).toMatchObject({ kind: 'not-sent', error });
  expect(JSON.stringify(execution)).not.toContain('canary');
  expect(api.tokens).toEqual([]);
});

test('where nobody is there who came with a token, nothing is asked for and nothing sent', async () => {
  const { issuer, api, settings } = await startBoth();
  expect(await execute(settings)).toMatchObject({
    kind: 'not-sent',
    error: {
      code: 'UPSTREAM_CREDENTIAL_NEEDS_CALLER',
      category: 'unauthenticated',
      retry: 'after_auth',
      executed: 'no',
    },
  });
  expect([issuer.asked(), api.tokens]).toEqual([0, []]);
});
