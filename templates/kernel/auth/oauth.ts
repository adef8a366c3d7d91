/**
 * Callers who come over HTTP sign in: every request carries an access token, which says who calls and what they hold.
 * The server is an OAuth 2.1 resource server, and issues nothing.
 */
import type { IncomingMessage } from 'node:http';

import type { Delegation } from '../delegation.ts';
import type { Logger } from '../handler.ts';
import { delegate } from '../subject-token.ts';
import type { Guard, Identified, SignIn } from '../transport/transport.ts';
import { IssuerUnavailable, tokenIn, TokenRefused, type Claims, type TokenKind } from './access-token.ts';
import {
  baselineScopes,
  metadataOf,
  metadataPaths,
  metadataUrl,
  wwwAuthenticate,
  type Challenge,
} from './challenge.ts';
import { callerFrom } from './identity.ts';
import { readUrl } from './urls.ts';

/** `kind`: how what a token says is found out. */
export function oauth(kind: TokenKind): SignIn {
  return (server, auth, environment) => {
    const issuer = readUrl(environment, auth.issuer, "the URL of the authorization server, as its tokens' iss has it");
    const audience = readUrl(environment, auth.audience, "this server's URL, as its tokens' aud has it");
    const parties = { issuer, audience };
    const read = kind.readSettings(auth, environment, parties);
    const metadata = metadataUrl(audience);
    const paths = metadataPaths(audience);
    const challenge = (about: Challenge): string => wwwAuthenticate(about, metadata);
    const unauthorized = (about: Omit<Challenge, 'scopes'> = {}): Identified => ({
      kind: 'refused',
      refusal: {
        status: 401,
        message: `This server needs an access token for ${audience}: sign in, then try again.`,
        headers: { 'www-authenticate': challenge({ ...about, scopes: baselineScopes(server) }) },
      },
    });

    const prepare = (log: Logger): Guard => ({
      metadata: (path) => (paths.has(path) ? metadataOf(server, parties) : undefined),
      challenge: (scopes) =>
        challenge({ error: 'insufficient_scope', description: 'This tool needs more scopes', scopes }),
      identify: async ({ headers }: IncomingMessage) => {
        if (headers.authorization === undefined) return unauthorized();
        const token = tokenIn(headers.authorization);
        try {
          if (token === undefined) throw new TokenRefused('it is no bearer token');
          const claims = await read(token);
          const caller = callerFrom(claims, { server, names: auth.claims });
          return { kind: 'identified', identity: { caller, delegation: delegationOf(token, claims) } };
        } catch (error) {
          if (error instanceof TokenRefused) {
            log.warn('A token was refused', { reason: error.message });
            return unauthorized({ error: 'invalid_token', description: 'The access token is not good here' });
          }
          if (!(error instanceof IssuerUnavailable)) throw error;
          log.error('Tokens cannot be checked', { reason: error.message });
          return { kind: 'refused', refusal: CANNOT_CHECK };
        }
      },
    });
    return { issuer, audience, prepare };
  };
}

const CANNOT_CHECK = {
  status: 503,
  message: 'Who is calling cannot be checked now: try again shortly.',
  headers: { 'retry-after': '5' },
};

/** Every token that is taken has an end; one without would be good for nothing here. */
function delegationOf(token: string, { exp }: Claims): Delegation {
  return delegate(token, typeof exp === 'number' ? exp * 1_000 : 0);
}
