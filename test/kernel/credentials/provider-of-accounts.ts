/** An OpenID provider with accounts, at which their owners sign in to the MCP server and its connector gets tokens. */
import { generateKeyPairSync } from 'node:crypto';

import { createLocalJWKSet, importJWK, SignJWT, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { errors, Provider, type ResourceServer } from 'oidc-provider';

import { CALLBACK, CLIENT_ID } from '../auth/authorization-server.ts';
import { AUDIENCE } from '../auth/issuer.ts';
import { exchangeTokens, TOKEN_EXCHANGE, type Exchanges } from './token-exchange-grant.ts';

export const CLIENT_SECRET = 'canary-client-secret-that-must-not-show';
/** The upstream, as tokens name it. */
export const RESOURCE = 'https://api.example/things';
/** The same, as an exchange may name it. */
export const TARGET = 'things-api';
/** A client that acts by itself at night. */
export const NIGHT_SHIFT = 'night-shift';

export interface AccountProvider {
  readonly provider: Provider;
  readonly exchanges: Exchanges;
  /** Those who may sign in, and whose tokens may be exchanged. */
  readonly accounts: Set<string>;
  readonly keys: JWTVerifyGetKey;
  /** A token like those of people who signed in, but for what is changed: `undefined` leaves a claim out. */
  readonly sign: (claims: Readonly<Record<string, unknown>>, header?: { readonly typ?: string }) => Promise<string>;
}

/** `livesS`: how long tokens for the upstream live, in seconds. */
export function makeProvider(url: string, livesS: number): AccountProvider {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const jwk = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'one' };
  const { kty = '', n = '', e = '' } = jwk;
  const keys = createLocalJWKSet({ keys: [{ kty, n, e, use: 'sig', alg: 'RS256', kid: 'one' }] });
  const accounts = new Set(['ann', 'bob']);
  const server = (audience: string, scope: string): ResourceServer => ({ scope, audience, accessTokenFormat: 'jwt' });
  const upstream = { ...server(RESOURCE, 'things.read things.write'), accessTokenTTL: livesS };
  const servers = new Map([
    [AUDIENCE, server(AUDIENCE, 'read write extra')],
    [RESOURCE, upstream],
  ]);
  const confidential = {
    client_secret: CLIENT_SECRET,
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_basic',
  } as const;
  const provider = new Provider(url, {
    clients: [
      { ...confidential, client_id: 'connector', grant_types: ['client_credentials', TOKEN_EXCHANGE] },
      { ...confidential, client_id: NIGHT_SHIFT, grant_types: ['client_credentials'] },
      {
        client_id: CLIENT_ID,
        application_type: 'native',
        grant_types: ['authorization_code'],
        redirect_uris: [CALLBACK],
        token_endpoint_auth_method: 'none',
      },
    ],
    scopes: ['openid', 'read', 'write', 'extra', 'things.read', 'things.write'],
    findAccount: (_, sub) => (accounts.has(sub) ? { accountId: sub, claims: () => ({ sub }) } : undefined),
    extraTokenClaims: (_, token) => {
      const actor = exchanges.actorOf(token);
      return actor === undefined ? { org: 'acme' } : { act: { sub: actor } };
    },
    ttl: { ClientCredentials: livesS },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, asked) => {
          const found = servers.get(asked);
          if (found === undefined) throw new errors.InvalidTarget();
          return found;
        },
      },
    },
    jwks: { keys: [jwk] },
    cookies: { keys: ['of this test'] },
  });
  const target = { url: RESOURCE, server: upstream };
  const targets = new Map([TARGET, RESOURCE].map((name) => [name, target] as const));
  const exchanges = exchangeTokens(provider, { keys, subjectAudience: AUDIENCE, accounts, targets });
  const sign: AccountProvider['sign'] = async (claims, { typ = 'at+jwt' } = {}) => {
    const now = Math.floor(Date.now() / 1_000);
    const usual = { iss: url, aud: AUDIENCE, sub: 'ann', client_id: CLIENT_ID, iat: now, exp: now + 300, jti: 'one' };
    const payload: JWTPayload = { ...usual, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one', typ }).sign(await importJWK(jwk));
  };
  return { provider, exchanges, accounts, keys, sign };
}
