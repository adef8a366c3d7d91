/** What the issuer does not exchange: nothing is sent, and the call is told without a word of a token. */
import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { execute } from './api.ts';
import { delegationOf, signedIn, startExchanging } from './exchanging.ts';
import { CLIENT_SECRET, NIGHT_SHIFT, RESOURCE, startIssuer, TARGET, type Issuer } from './issuer.ts';

type Started = Awaited<ReturnType<typeof startExchanging>>;

/** The issuer's code, for a call in this name that is refused: nothing is sent, and nothing shows of the token. */
async function refusalOf({ issuer, api, settings }: Started, token: string): Promise<string> {
  const sentBefore = api.tokens.length;
  const execution = await execute(settings, { delegation: delegationOf(token) });
  const code = issuer.refused.at(-1) ?? 'none';
  expect(execution).toMatchObject({
    kind: 'not-sent',
    error: {
      code: 'UPSTREAM_CREDENTIAL_NOT_ISSUED',
      category: 'internal',
      message: expect.stringContaining(`(${code})`),
      retryable: false,
      executed: 'no',
    },
  });
  expect(api.tokens).toHaveLength(sentBefore);
  const shown = inspect([execution, settings], { depth: 9 });
  for (const part of token.split('.')) expect(shown).not.toContain(part);
  expect(shown).not.toContain(CLIENT_SECRET);
  return code;
}

const inAnHour = (): number => Math.floor(Date.now() / 1_000) + 3_600;

test('a token as people get them is exchanged, however it was made', async () => {
  const { issuer, api, settings } = await startExchanging();
  const delegation = delegationOf(await issuer.sign({}));
  expect(await execute(settings, { delegation })).toMatchObject({ kind: 'succeeded' });
  expect(api.calls).toMatchObject([{ claims: { sub: 'ann' } }]);
});

test.each<[what: string, make: (issuer: Issuer) => Promise<string>]>([
  ['that has ended', ({ sign }) => sign({ exp: inAnHour() - 7_200 })],
  ['that never ends', ({ sign }) => sign({ exp: undefined })],
  ['for another server', ({ sign }) => sign({ aud: 'https://other.example/mcp' })],
  ['that says another issuer', ({ sign }) => sign({ iss: 'https://other.example' })],
  ['of nobody who has an account', ({ sign }) => sign({ sub: 'nobody' })],
  ['that is no access token', ({ sign }) => sign({}, { typ: 'JWT' })],
  ['of another issuer', async () => (await (await startIssuer()).signIn('ann')).accessToken],
  ['that another issuer made out to be of this one', async ({ url }) => (await startIssuer()).sign({ iss: url })],
  ['that says who signed in', async ({ signIn }) => (await signIn('ann')).idToken],
  ['that a client got for itself', ({ tokenFor }) => tokenFor('connector', 'https://mcp.example/mcp')],
  [
    'whose claims were changed',
    async ({ signIn }) => {
      const [head = '', claims = '', signature = ''] = (await signIn('ann')).accessToken.split('.');
      const changed = { ...(JSON.parse(atob(claims)) as object), sub: 'bob' };
      return [head, Buffer.from(JSON.stringify(changed)).toString('base64url'), signature].join('.');
    },
  ],
  ['that is none', () => Promise.resolve('canary-that-is-no-token')],
])('a token %s is not exchanged', async (_, make) => {
  const started = await startExchanging();
  expect(await refusalOf(started, await make(started.issuer))).toBe('invalid_request');
});

test('what was exchanged is not exchanged again', async () => {
  const started = await startExchanging();
  await execute(started.settings, { delegation: await signedIn(started.issuer, 'ann') });
  expect(await refusalOf(started, started.api.tokens[0] ?? '')).toBe('invalid_request');
});

test('who has no account any more sends nothing, with what was exchanged for them before neither', async () => {
  const started = await startExchanging({ livesS: 30 });
  const { issuer, api, settings } = started;
  const [ann, bob] = [(await issuer.signIn('ann')).accessToken, await signedIn(issuer, 'bob')];
  await execute(settings, { delegation: delegationOf(ann) });
  issuer.accounts.delete('ann');
  expect(await refusalOf(started, ann)).toBe('invalid_request');
  expect(await execute(settings, { delegation: bob })).toMatchObject({ kind: 'succeeded' });
  expect(api.calls.map(({ claims }) => claims.sub)).toEqual(['ann', 'bob']);
});

test.each<[what: string, actorToken: (issuer: Issuer) => Promise<string>]>([
  ['is none', () => Promise.resolve('canary-actor')],
  ['is of another issuer', async () => (await startIssuer()).tokenFor(NIGHT_SHIFT)],
  ['is of a person', async ({ signIn }) => (await signIn('bob')).accessToken],
])('an actor whose token %s acts for nobody', async (_, actorToken) => {
  const started = await startExchanging({ actorToken });
  expect(await refusalOf(started, (await started.issuer.signIn('ann')).accessToken)).toBe('invalid_request');
});

test.each([
  ['an audience', { audience: 'other-api' }, 'invalid_target'],
  ['a resource', { resource: 'https://other.example/things' }, 'invalid_target'],
  ['an audience beside a known resource', { audience: 'other-api', resource: RESOURCE }, 'invalid_target'],
  ['a resource beside a known audience', { audience: TARGET, resource: 'https://other.example' }, 'invalid_target'],
  ['a scope', { scopes: ['things.read', 'things.destroy'] }, 'invalid_scope'],
])('%s that the issuer does not know is refused', async (_, credential, code) => {
  const started = await startExchanging({ credential });
  expect(await refusalOf(started, (await started.issuer.signIn('ann')).accessToken)).toBe(code);
});
