/** Access tokens that are JWTs (RFC 9068): checked here, with the keys that the issuer publishes. */
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTHeaderParameters,
  type JWTVerifyGetKey,
} from 'jose';

import { reachOf } from '../config/reach.ts';
import type { Reach } from '../settings.ts';
import {
  CLOCK_TOLERANCE_S,
  IssuerUnavailable,
  PATIENCE_MS,
  TokenRefused,
  type Claims,
  type Parties,
  type ReadToken,
  type TokenKind,
} from './access-token.ts';
import { askIssuer } from './ask-issuer.ts';
import { discoverKeys } from './discovery.ts';

export const jwt: TokenKind = {
  readSettings: ({ addresses }, _environment, parties) =>
    readJwts(parties, { reach: reachOf(addresses, new URL(parties.issuer)) }),
};

/** Signatures that only the issuer can make: none, and keys that this server would have to share, are not among them. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** Types of a JWT that may be an access token; whatever else has a type of its own is none. */
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt']);

/** What only an ID token has; it says who signed in, and was meant for the client. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/**
 * `reach`: where the issuer may be; so may its keys, whatever it says of where they are. `cooldownMs`: how soon after the keys were fetched a key that is not among them makes this
 * fetch again.
 */
export function readJwts(
  { issuer, audience }: Parties,
  { reach, cooldownMs = 30_000 }: { readonly reach: Reach; readonly cooldownMs?: number },
): ReadToken {
  const key = keysOf(issuer, reach, cooldownMs);
  const options = {
    issuer,
    audience,
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    requiredClaims: ['exp', 'sub'],
  };
  return async (token) => {
    try {
      const { payload, protectedHeader } = await jwtVerify(token, key, options);
      requireAccessToken(payload, protectedHeader);
      return payload;
    } catch (error) {
      if (error instanceof IssuerUnavailable || error instanceof TokenRefused) throw error;
      throw new TokenRefused(error instanceof errors.JOSEError ? error.code : 'it cannot be read');
    }
  };
}

function requireAccessToken(claims: Claims, { typ }: JWTHeaderParameters): void {
  if (typ !== undefined && !TYPES.has(typ.toLowerCase())) throw new TokenRefused('its type is not at+jwt');
  const isMarked = typ?.toLowerCase().endsWith('at+jwt') === true;
  if (!isMarked && ID_TOKEN_CLAIMS.some((name) => Object.hasOwn(claims, name))) {
    throw new TokenRefused('it is an ID token');
  }
  // Whoever holds it has to prove that it is theirs, and this server asks for no proof.
  if (claims['cnf'] !== undefined) throw new TokenRefused('it is bound to a key');
}

/** Finds out where the keys are when the first token comes, so that a server can start before its issuer. */
function keysOf(issuer: string, reach: Reach, cooldownMs: number): JWTVerifyGetKey {
  let finding: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;
  const find = async () =>
    createRemoteJWKSet(await discoverKeys(issuer, reach), {
      timeoutDuration: PATIENCE_MS,
      cooldownDuration: cooldownMs,
      [customFetch]: (url) => fetchKeys(new URL(url), reach),
    });
  return async (header, token) => {
    finding ??= find().catch((error: unknown) => {
      finding = undefined;
      throw error;
    });
    const keys = await finding;
    try {
      return await keys(header, token);
    } catch (error) {
      if (isAboutToken(error) || error instanceof IssuerUnavailable) throw error;
      throw new IssuerUnavailable(`the keys of ${issuer} cannot be fetched`);
    }
  };
}

async function fetchKeys(url: URL, reach: Reach): Promise<Response> {
  const { status, body } = await askIssuer({ url, reach });
  return new Response(JSON.stringify(body), { status });
}

function isAboutToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
