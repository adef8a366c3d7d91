import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';

import { IssuerUnavailable, TokenRefused } from '../../../templates/kernel/auth/access-token.ts';
import { readJwts } from '../../../templates/kernel/auth/jwt.ts';
import { AUDIENCE, goodClaims, startIssuer, type Issuer } from './issuer.ts';

const HOUR_S = 3_600;

async function start({ cooldownMs }: { readonly cooldownMs?: number } = {}) {
  const issuer = await startIssuer();
  const parties = { issuer: issuer.url, audience: AUDIENCE };
  const options = { reach: 'this-machine', ...(cooldownMs !== undefined && { cooldownMs }) } as const;
  return { issuer, read: readJwts(parties, options) };
}

const fromNow = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

test('a good token says what it says', async () => {
  const { issuer, read } = await start();
  expect(await read(await issuer.sign({ tenant: 'acme' }))).toMatchObject({
    sub: 'ada',
    tenant: 'acme',
    scope: 'read',
  });
});

test.each([
  ['a list of audiences with this one', { aud: ['https://other.example', AUDIENCE] }, {}],
  ['clocks that differ by less than half a minute', { exp: fromNow(-10), nbf: fromNow(10) }, {}],
  ['the long name of the type', {}, { typ: 'application/at+jwt' }],
  ['an issuer that sets no type', {}, { typ: undefined }],
  ['an issuer that only says JWT', {}, { typ: 'JWT' }],
])('taken: %s', async (_, claims, header) => {
  const { issuer, read } = await start();
  expect(await read(await issuer.sign(claims, header))).toMatchObject({ sub: 'ada' });
});

test.each([
  ['expired', { exp: fromNow(-HOUR_S) }, {}],
  ['without an end', { exp: undefined }, {}],
  ['not valid yet', { nbf: fromNow(HOUR_S) }, {}],
  ['of another issuer', { iss: 'https://evil.example' }, {}],
  ['of no issuer', { iss: undefined }, {}],
  ['for another audience', { aud: 'https://other.example/mcp' }, {}],
  ['for an audience that begins alike', { aud: `${AUDIENCE}/x` }, {}],
  ['for no audience', { aud: undefined }, {}],
  ['for several audiences, none of them this', { aud: ['https://a.example', 'https://b.example'] }, {}],
  ['of nobody', { sub: undefined }, {}],
  ['that is an ID token by its nonce', { nonce: 'n' }, { typ: 'JWT' }],
  ['that is an ID token by its hash', { at_hash: 'h' }, { typ: undefined }],
  ['of another type', {}, { typ: 'logout+jwt' }],
  ['that is bound to a key', { cnf: { jkt: 'thumbprint' } }, {}],
])('refused: a token %s', async (_, claims, header) => {
  const { issuer, read } = await start();
  await expect(read(await issuer.sign(claims, header))).rejects.toThrow(TokenRefused);
});

test('refused: a token without signature', async () => {
  const { issuer, read } = await start();
  const unsecured = new UnsecuredJWT(goodClaims(issuer.url)).encode();
  await expect(read(unsecured)).rejects.toThrow(TokenRefused);
});

test('refused: a token signed with the public key as a shared secret', async () => {
  const { issuer, read } = await start();
  const secret = Buffer.from(JSON.stringify(issuer.publicKey()));
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    const token = await new SignJWT(goodClaims(issuer.url))
      .setProtectedHeader({ alg, kid: kidOf(issuer) })
      .sign(secret);
    await expect(read(token)).rejects.toThrow(TokenRefused);
  }
});

test('refused: a token that brings its own key along', async () => {
  const { issuer, read } = await start();
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  const header = { alg: 'ES256', kid: kidOf(issuer), jwk };
  const token = await new SignJWT(goodClaims(issuer.url)).setProtectedHeader(header).sign(privateKey);
  await expect(read(token)).rejects.toThrow(TokenRefused);
});

test('refused: a token of which one character was changed', async () => {
  const { issuer, read } = await start();
  const token = await issuer.sign();
  const [header = '', payload = '', signature = ''] = token.split('.');
  const forged = Buffer.from(JSON.stringify({ ...goodClaims(issuer.url), sub: 'eve' })).toString('base64url');
  await expect(read([header, forged, signature].join('.'))).rejects.toThrow(TokenRefused);
  await expect(read([header, payload, flipped(signature)].join('.'))).rejects.toThrow(TokenRefused);
  await expect(read('a.b.c')).rejects.toThrow(TokenRefused);
  await expect(read('opaque')).rejects.toThrow(TokenRefused);
});

test('a new key is fetched when the first token comes that it signed, and the old one is good no more', async () => {
  const { issuer, read } = await start({ cooldownMs: 0 });
  const old = await issuer.sign();
  await read(old);
  await issuer.rotate();
  expect(await read(await issuer.sign())).toMatchObject({ sub: 'ada' });
  await expect(read(old)).rejects.toThrow(TokenRefused);
});

test('keys are fetched once for many tokens, and unknown keys do not make it fetch again at once', async () => {
  const { issuer, read } = await start();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.sign()));
  await Promise.all(tokens.map(read));
  const unknown = await issuer.sign({}, { kid: 'made-up' });
  await expect(read(unknown)).rejects.toThrow(TokenRefused);
  expect(issuer.asked.filter((route) => route === 'GET /keys')).toHaveLength(1);
});

test('an issuer that cannot be asked makes no token bad, and is asked again', async () => {
  const { issuer, read } = await start();
  const token = await issuer.sign();
  issuer.failWith(500);
  await expect(read(token)).rejects.toThrow(IssuerUnavailable);
  issuer.failWith(undefined);
  expect(await read(token)).toMatchObject({ sub: 'ada' });
});

test.each([
  ['of another issuer', { issuer: 'https://evil.example' }],
  ['with keys that anybody could swap on their way', { jwks_uri: 'http://keys.example/' }],
  ['without keys', { jwks_uri: undefined }],
])('metadata %s is not used', async (_, changes) => {
  const { issuer, read } = await start();
  issuer.publish(changes);
  await expect(read(await issuer.sign())).rejects.toThrow(IssuerUnavailable);
});

test('what is said of a refused token holds nothing of it', async () => {
  const { issuer, read } = await start();
  const token = await issuer.sign({ aud: 'https://canary.example', sub: 'canary' });
  const error = await read(token).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(TokenRefused);
  const said = String(error);
  for (const part of ['canary', ...token.split('.')]) expect(said).not.toContain(part);
});

function kidOf(issuer: Issuer): string {
  return issuer.publicKey().kid ?? '';
}

function flipped(text: string): string {
  const [first = ''] = text;
  return (first === 'A' ? 'B' : 'A') + text.slice(1);
}
