/** Only tokens of this server's issuer, for this server, are taken; and none goes on to anybody. */
import { generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';

import { AUDIENCE, goodClaims, type Issuer } from '../kernel/auth/issuer.ts';
import { callOf, LIST, send } from '../kernel/auth/signed-in.ts';
import { findSecrets } from './canaries.ts';
import { connectHttp, endHttp, readStore, setTarget, startHttp, useProject } from './target.ts';

useProject();

const HOUR_S = 3_600;
const fromNow = (seconds: number): number => Math.floor(Date.now() / 1_000) + seconds;

/** Claims that make a good token bad, and headers. */
const BAD: Readonly<Record<string, readonly [claims: object, header?: { readonly typ?: string }]>> = {
  'for another audience': [{ aud: 'https://other.example/mcp' }],
  'for an audience that begins alike': [{ aud: `${AUDIENCE}/more` }],
  'for an audience in other letters': [{ aud: AUDIENCE.toUpperCase() }],
  'for several audiences, none of them this': [{ aud: ['https://a.example', 'https://b.example'] }],
  'for no audience': [{ aud: undefined }],
  'of another issuer': [{ iss: 'https://evil.example' }],
  'of no issuer': [{ iss: undefined }],
  'that expired': [{ exp: fromNow(-HOUR_S) }],
  'without an end': [{ exp: undefined }],
  'that is not valid yet': [{ nbf: fromNow(HOUR_S) }],
  'of nobody': [{ sub: undefined }],
  'of no tenant': [{ org: undefined }],
  'that is an ID token': [{ nonce: 'n' }, { typ: 'JWT' }],
  'of another type': [{}, { typ: 'logout+jwt' }],
  'that is bound to a key': [{ cnf: { jkt: 'thumbprint' } }],
};

async function forge(issuer: Issuer): Promise<Readonly<Record<string, string>>> {
  const claims = { ...goodClaims(issuer.url), org: 'acme', scope: 'write' };
  const kid = issuer.publicKey().kid ?? '';
  const { privateKey } = await generateKeyPair('ES256');
  const publicKey = Buffer.from(JSON.stringify(issuer.publicKey()));
  const good = await issuer.sign({ org: 'acme', scope: 'read' });
  const [header = '', , signature = ''] = good.split('.');
  const more = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return {
    'without signature': new UnsecuredJWT(claims).encode(),
    'with the public key as a secret': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(publicKey),
    'signed by somebody else': await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey),
    'with more rights than were signed': [header, more, signature].join('.'),
    'that is no JWT': 'opaque',
    'that is empty': '',
  };
}

test('each bad token is answered with 401, whatever it asks for, and nothing is called', async () => {
  const target = await setTarget();
  const { url } = await startHttp(target);
  const { issuer, upstream } = target;
  const changed = Object.entries(BAD).map(
    async ([what, [claims, header]]) =>
      [what, await issuer.sign({ org: 'acme', scope: 'write', ...claims }, header)] as const,
  );
  const bad = { ...Object.fromEntries(await Promise.all(changed)), ...(await forge(issuer)) };
  const answers: Record<string, readonly number[]> = {};
  for (const [what, token] of Object.entries(bad)) {
    const sent = [LIST, callOf('note'), callOf('echo'), callOf('nope')].map((message) => send(url, token, message));
    answers[what] = (await Promise.all(sent)).map(({ status }) => status);
  }
  expect(answers).toEqual(Object.fromEntries(Object.keys(bad).map((what) => [what, [401, 401, 401, 401]])));
  expect(upstream.received).toEqual([]);
  expect((await send(url, await issuer.sign({ org: 'acme' }))).status).toBe(200);
});

test('an inbound token shows nowhere: not in an answer, a log, audit, the store, nor at an upstream', async () => {
  const target = await setTarget();
  const started = await startHttp(target);
  const { issuer, upstream } = target;
  const tokens = [
    await issuer.sign({ org: 'acme', scope: 'write pay', canary: 'first' }),
    await issuer.sign({ org: 'acme', scope: '', canary: 'second' }),
    await issuer.sign({ org: 'acme', scope: 'write', canary: 'third', exp: 1 }),
  ];
  const answers: unknown[] = [];
  for (const token of tokens) {
    for (const name of ['echo', 'look', 'note', 'relay', 'pay', 'manage', 'by_key', 'by_grant', 'by_vault', 'nope']) {
      for (const args of [{}, { text: `of ${name}` }, { id: 'a' }, { to: 'bo', cents: 1 }]) {
        const message = { ...callOf(name), params: { name, arguments: args } };
        answers.push(await send(started.url, token, message));
      }
    }
  }
  const client = await connectHttp(started, tokens[0] ?? '');
  answers.push(await client.listTools(), await client.callTool({ name: 'note', arguments: { text: 'again' } }));
  expect(upstream.received.length).toBeGreaterThan(5);
  const places = {
    answers: JSON.stringify(answers),
    log: await endHttp(started),
    store: await readStore(target),
    upstream: JSON.stringify(upstream.received),
  };
  // Of a token its header says nothing; each of its other parts is enough to know it again.
  const parts = tokens.flatMap((token) => token.split('.').slice(1));
  expect(findSecrets(places, parts)).toEqual([]);
  expect(findSecrets({ sent: `Bearer ${tokens[0]}` }, parts)).toHaveLength(2);
});
