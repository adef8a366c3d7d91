/** How callers of a test come in over HTTP: with a token of an issuer that the test is itself. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

import { server } from '../../../src/generated/server.ts';
import { pointerTokens } from '../../../src/kernel/json.ts';
import type { Rights } from './connect.ts';

export interface SignedIn {
  /** What the server is started with. */
  readonly flags: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** What each request carries. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What Node.js is started with. */
export const PRELOADED: readonly string[] = ['--import', new URL('trust-tests.ts', import.meta.url).href];

const AUDIENCE = 'https://generated-test.invalid/mcp';
const SECRET = 'TEST_CLIENT_SECRET';

export async function signIn(rights: Rights): Promise<SignedIn> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'test', alg: 'EdDSA', use: 'sig' };
  const http = createServer((request, response) => {
    const answers: Readonly<Record<string, object>> = {
      '/.well-known/oauth-authorization-server': { issuer, jwks_uri: `${issuer}/keys` },
      '/keys': { keys: [key] },
      '/introspect': { active: true, ...claims },
    };
    const answer = answers[request.url ?? ''];
    request.resume();
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  // A server that listens on a TCP port has an address of this shape.
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const claims = claimsFor(rights, issuer);
  const unsigned = [{ alg: 'EdDSA', typ: 'at+jwt', kid: 'test' }, claims].map(encode).join('.');
  const token = `${unsigned}.${sign(null, Buffer.from(unsigned), privateKey).toString('base64url')}`;
  return {
    flags: [],
    variables: { TEST_AUTH: JSON.stringify(authAt(issuer)), [SECRET]: 'not-a-secret' },
    headers: { authorization: `Bearer ${token}` },
  };
}

function authAt(issuer: string): object {
  const introspection = {
    url: { value: `${issuer}/introspect` },
    clientId: { value: 'generated-test' },
    clientSecret: { secret: SECRET },
  };
  return {
    issuer: { value: issuer },
    audience: { value: AUDIENCE },
    ...(server.auth?.introspection !== undefined && { introspection }),
  };
}

function claimsFor({ scopes, roles }: Rights, issuer: string): object {
  const { roles: rolesName = 'roles', tenant } = server.auth?.claims ?? {};
  return {
    iss: issuer,
    aud: AUDIENCE,
    sub: 'generated-test',
    exp: Math.floor(Date.now() / 1_000) + 600,
    jti: 'generated-test',
    scope: scopes.join(' '),
    ...nested({ [rolesName]: roles, ...(tenant !== undefined && { [tenant]: 'generated-test' }) }),
  };
}

/** A name that starts with a slash is a path: `/realm_access/roles`. */
function nested(named: Readonly<Record<string, unknown>>): object {
  const claims: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(named)) {
    const path = name.startsWith('/') ? pointerTokens(name) : [name];
    const last = path.pop() ?? name;
    let place = claims;
    for (const part of path) place = (place[part] ??= {}) as Record<string, unknown>;
    place[last] = value;
  }
  return claims;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
