import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import { declareTool } from '../upstream/declared.ts';
import { execute } from './api.ts';
import { delegationOf, signedIn, startExchanging } from './exchanging.ts';
import { NIGHT_SHIFT, RESOURCE, TARGET } from './issuer.ts';
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from './token-exchange-grant.ts';

const OK = { kind: 'succeeded', result: { status: 200 } };
const NOT_ISSUED = { code: 'UPSTREAM_CREDENTIAL_NOT_ISSUED', retryable: false, executed: 'no' };

test("the caller's token goes to the issuer, and what it gives for that stands for the caller at the upstream", async () => {
  const { issuer, api, settings } = await startExchanging();
  const { accessToken } = await issuer.signIn('ann');
  expect(await execute(settings, { delegation: delegationOf(accessToken) })).toEqual(OK);
  expect(issuer.exchanged).toEqual([
    {
      grant_type: TOKEN_EXCHANGE,
      subject_token: accessToken,
      subject_token_type: ACCESS_TOKEN,
      requested_token_type: ACCESS_TOKEN,
    },
  ]);
  const claims = { iss: issuer.url, sub: 'ann', act: { sub: 'connector' }, aud: RESOURCE, client_id: 'connector' };
  expect(api.calls).toMatchObject([{ claims }]);
  expect(api.tokens).not.toContain(accessToken);
});

test('the issuer is told who acts, for what, and how much of it, where the manifest says so', async () => {
  const { issuer, api, settings } = await startExchanging({
    actorToken: ({ tokenFor }) => tokenFor(NIGHT_SHIFT),
    credential: { audience: TARGET, resource: RESOURCE, scopes: ['things.read', 'things.write'] },
  });
  const delegation = await signedIn(issuer, 'ann');
  await execute(settings, { delegation });
  await execute(settings, { delegation, tool: declareTool({ request: { upstreamScopes: ['things.read'] } }) });
  const expected = { actor_token_type: ACCESS_TOKEN, audience: TARGET, resource: RESOURCE };
  expect(issuer.exchanged).toMatchObject([
    { ...expected, scope: 'things.read things.write' },
    { ...expected, scope: 'things.read' },
  ]);
  const claims = { sub: 'ann', act: { sub: NIGHT_SHIFT }, aud: RESOURCE };
  expect(api.calls).toMatchObject([
    { claims: { ...claims, scope: 'things.read things.write' } },
    { claims: { ...claims, scope: 'things.read' } },
  ]);
});

test("each caller's calls go out in their own name, whoever else calls at the time, and each token is asked for once", async () => {
  const { issuer, api, settings } = await startExchanging();
  const [ann, bob] = [await issuer.signIn('ann'), await issuer.signIn('bob')];
  const tool = declareTool({ request: { path: ['of', args('/who')] } });
  const callOf = (who: string, { accessToken }: typeof ann) =>
    execute(settings, { tool, args: { who }, delegation: delegationOf(accessToken) });
  const turns = Array.from({ length: 20 }, (_, turn) => (turn % 2 === 0 ? callOf('ann', ann) : callOf('bob', bob)));
  expect(await Promise.all(turns)).toEqual(Array.from({ length: 20 }, () => OK));
  await callOf('ann', ann);
  expect(api.calls).toHaveLength(21);
  for (const { path, claims } of api.calls) expect(path).toBe(`/of/${claims.sub}`);
  const exchanged = issuer.exchanged.map((one) => one['subject_token']);
  expect(exchanged.toSorted()).toEqual([ann.accessToken, bob.accessToken].toSorted());
  expect(new Set(api.tokens).size).toBe(2);
});

test('two tokens of one caller are exchanged for two: one may stand for less', async () => {
  const { issuer, api, settings } = await startExchanging();
  for (let turn = 0; turn < 2; turn += 1) await execute(settings, { delegation: await signedIn(issuer, 'ann') });
  expect(issuer.exchanged).toHaveLength(2);
  expect(api.calls.map(({ claims }) => claims.sub)).toEqual(['ann', 'ann']);
});

test("what was exchanged is not kept for longer than the caller's own token lasts", async () => {
  const { issuer, settings } = await startExchanging();
  const short = await signedIn(issuer, 'ann', 0.3);
  await execute(settings, { delegation: short });
  await expect.poll(() => Date.now()).toBeGreaterThan(short.endsAt);
  await execute(settings, { delegation: short });
  expect(issuer.exchanged).toHaveLength(2);
});

test('an exchanged token is renewed before it ends', async () => {
  const { issuer, settings } = await startExchanging({ livesS: 30 });
  const delegation = await signedIn(issuer, 'ann');
  await execute(settings, { delegation });
  await execute(settings, { delegation });
  expect(issuer.exchanged).toHaveLength(2);
});

test.each(['GET', 'POST'] as const)(
  'a %s that is refused with 401 is sent once more, with a new token',
  async (method) => {
    const { issuer, api, settings } = await startExchanging();
    const delegation = await signedIn(issuer, 'ann');
    const tool = declareTool({ mutability: method === 'GET' ? 'read-only' : 'additive', request: { method } });
    await execute(settings, { tool, delegation });
    api.refused.add(api.tokens[0] ?? '');
    expect(await execute(settings, { tool, delegation })).toEqual(OK);
    expect(issuer.exchanged).toHaveLength(2);
    expect(api.tokens).toHaveLength(3);
  },
);

test.each([
  ["gives the caller's own token back", { access_token: 'canary-of-ann' }, NOT_ISSUED],
  ['gives what is no access token', { issued_token_type: 'urn:ietf:params:oauth:token-type:id_token' }, NOT_ISSUED],
  ['gives a token that is none to send', { token_type: 'N_A' }, { executed: 'no' }],
])('where the issuer %s, nothing is sent', async (_, changes, error) => {
  const { issuer, api, settings } = await startExchanging();
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
  const { issuer, api, settings } = await startExchanging();
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
