import { expect, test } from 'vitest';

import { IssuerUnavailable, TokenRefused } from '../../../templates/kernel/auth/access-token.ts';
import { introspection } from '../../../templates/kernel/auth/introspection.ts';
import { Environment } from '../../../templates/kernel/config/environment.ts';
import { AUDIENCE, CLIENT, startIssuer } from './issuer.ts';

async function start() {
  const issuer = await startIssuer();
  const environment = new Environment({ SECRET: CLIENT.secret });
  const auth = {
    issuer: { value: issuer.url },
    audience: { value: AUDIENCE },
    claims: {},
    introspection: {
      url: { value: `${issuer.url}/introspect` },
      clientId: { value: CLIENT.id },
      clientSecret: { secret: 'SECRET' },
    },
  };
  const read = introspection.readSettings(auth, environment, { issuer: issuer.url, audience: AUDIENCE });
  environment.check();
  return { issuer, read };
}

const fromNow = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

test('the issuer is asked about the token, by a server that says who it is', async () => {
  const { issuer, read } = await start();
  const token = issuer.issue({});
  expect(await read(token)).toMatchObject({ sub: 'ada', scope: 'read' });
  const [{ authorization, form }] = issuer.introspected as [(typeof issuer.introspected)[number]];
  expect(Object.fromEntries(form)).toEqual({ token, token_type_hint: 'access_token' });
  const credentials = Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64').toString();
  expect(credentials).toBe('mcp+server:introspection%3Asecret');
});

test('a token that was revoked is refused from the next request on', async () => {
  const { issuer, read } = await start();
  const token = issuer.issue({});
  await read(token);
  issuer.revoke(token);
  await expect(read(token)).rejects.toThrow(TokenRefused);
});

test.each([
  ['that the issuer does not know', undefined],
  ['that is not active', { active: false }],
  ['that is active in words only', { active: 'true' }],
  ['expired', { exp: fromNow(-3_600) }],
  ['without an end', { exp: undefined }],
  ['not valid yet', { nbf: fromNow(3_600) }],
  ['of another issuer', { iss: 'https://evil.example' }],
  ['for another audience', { aud: 'https://other.example' }],
  ['for no audience', { aud: undefined }],
  ['for several audiences, none of them this', { aud: ['https://a.example'] }],
  ['of another type', { token_type: 'DPoP' }],
  ['that is bound to a key', { cnf: { jkt: 'thumbprint' } }],
])('refused: a token %s', async (_, claims) => {
  const { issuer, read } = await start();
  await expect(read(claims === undefined ? 'made-up' : issuer.issue(claims))).rejects.toThrow(TokenRefused);
});

test('taken: a list of audiences with this one', async () => {
  const { issuer, read } = await start();
  expect(await read(issuer.issue({ aud: ['https://a.example', AUDIENCE] }))).toMatchObject({ sub: 'ada' });
});

test.each([401, 500, 302])('an issuer that answers with %s makes no token good or bad', async (status) => {
  const { issuer, read } = await start();
  const token = issuer.issue({});
  issuer.failWith(status);
  const error = await read(token).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(IssuerUnavailable);
  expect(String(error)).not.toContain(token);
});
