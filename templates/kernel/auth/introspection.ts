import { reachOf } from '../config/reach.ts';
/** Access tokens that their issuer is asked about each time they come (RFC 7662), so that a revoked one is refused at once. */
import { readSecret } from '../config/secret.ts';
import { isJsonObject } from '../json.ts';
import {
  CLOCK_TOLERANCE_S,
  IssuerUnavailable,
  TokenRefused,
  type Claims,
  type Parties,
  type TokenKind,
} from './access-token.ts';
import { askIssuer, type IssuerQuestion } from './ask-issuer.ts';
import { readUrl } from './urls.ts';

export const introspection: TokenKind = {
  readSettings: ({ introspection: declared, addresses }, environment, parties) => {
    if (declared === undefined) throw new Error('auth.introspection is not declared, but its part is there');
    const url = new URL(readUrl(environment, declared.url, 'the URL of the introspection endpoint'));
    const reach = reachOf(addresses, url);
    const clientId = environment.setting(declared.clientId, 'who this server is to the introspection endpoint');
    const secret = readSecret(environment, declared.clientSecret.secret, 'the secret for the introspection endpoint');
    return async (token) => {
      const fields = { token, token_type_hint: 'access_token' };
      const claims = await ask({ url, reach, form: { authorization: basic(clientId, secret.reveal()), fields } });
      requireGood(claims, parties, Date.now() / 1_000);
      return claims;
    };
  },
};

async function ask(question: IssuerQuestion): Promise<Claims> {
  const { href } = question.url;
  const { status, body } = await askIssuer(question);
  if (status !== 200) throw new IssuerUnavailable(`${href} answered with ${status}`);
  if (!isJsonObject(body)) throw new IssuerUnavailable(`${href} answered with no object`);
  return body;
}

/** RFC 6749, section 2.3.1: each part is form-encoded first. */
function basic(clientId: string, secret: string): string {
  const [user, password] = [clientId, secret].map((part) => new URLSearchParams({ '': part }).toString().slice(1));
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** `now`: seconds since the epoch. Throws `TokenRefused`. */
function requireGood(claims: Claims, { issuer, audience }: Parties, now: number): void {
  const { active, iss, aud, exp, nbf, token_type: type, cnf } = claims;
  if (active !== true) throw new TokenRefused('it is not active');
  if (iss !== undefined && iss !== issuer) throw new TokenRefused('it is from another issuer');
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.includes(audience)) throw new TokenRefused('it is for another audience');
  if (typeof exp !== 'number' || exp + CLOCK_TOLERANCE_S <= now)
    throw new TokenRefused('it has expired, or never does');
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf - CLOCK_TOLERANCE_S <= now)) {
    throw new TokenRefused('it is not valid yet');
  }
  if (type !== undefined && String(type).toLowerCase() !== 'bearer') throw new TokenRefused('it is no bearer token');
  if (cnf !== undefined) throw new TokenRefused('it is bound to a key');
}
