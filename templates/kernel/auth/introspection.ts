/** Access tokens that their issuer is asked about each time they come (RFC 7662), so that a revoked one is refused at once. */
import { readSecret } from '../config/secret.ts';
import { isJsonObject } from '../json.ts';
import {
  CLOCK_TOLERANCE_S,
  IssuerUnavailable,
  PATIENCE_MS,
  TokenRefused,
  type Claims,
  type Parties,
  type TokenKind,
} from './access-token.ts';
import { readUrl } from './urls.ts';

export const introspection: TokenKind = {
  readSettings: ({ introspection: declared }, environment, parties) => {
    if (declared === undefined) throw new Error('auth.introspection is not declared, but its part is there');
    const url = readUrl(environment, declared.url, 'the URL of the introspection endpoint');
    const clientId = environment.setting(declared.clientId, 'who this server is to the introspection endpoint');
    const secret = readSecret(environment, declared.clientSecret.secret, 'the secret for the introspection endpoint');
    return async (token) => {
      const claims = await ask({ url, token, authorization: basic(clientId, secret.reveal()) });
      requireGood(claims, parties, Date.now() / 1_000);
      return claims;
    };
  },
};

interface Question {
  readonly url: string;
  readonly token: string;
  readonly authorization: string;
}

async function ask({ url, token, authorization }: Question): Promise<Claims> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization, accept: 'application/json' },
    body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
    .then(async (response) => ({ status: response.status, body: (await response.json()) as unknown }))
    .catch(() => undefined);
  if (answer === undefined) throw new IssuerUnavailable(`${url} gave no usable answer`);
  if (answer.status !== 200) throw new IssuerUnavailable(`${url} answered with ${answer.status}`);
  if (!isJsonObject(answer.body)) throw new IssuerUnavailable(`${url} answered with no object`);
  return answer.body;
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
