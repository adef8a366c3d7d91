/** Asks an OAuth token endpoint for a token (RFC 6749). */
import {
  allowInsecureRequests,
  ClientSecretBasic,
  customFetch,
  genericTokenEndpointRequest,
  processGenericTokenEndpointResponse,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
  type TokenEndpointResponse,
} from 'oauth4webapi';

import { Secret } from '../../config/secret.ts';
import type { Reach } from '../../settings.ts';
import { addressRefused } from '../address-refused.ts';
import type { AnswerBody } from '../answer.ts';
import { parseRetryAfter } from '../retry-after.ts';
import { send } from '../send.ts';
import type { IssuedToken } from './token-cache.ts';
import { CredentialUnavailable, notIssued, notObtained } from './unavailable.ts';

export interface TokenEndpoint {
  readonly url: URL;
  readonly reach: Reach;
  readonly timeoutMs: number;
  readonly clientId: string;
  readonly clientSecret: Secret;
}

export interface TokenRequest {
  readonly grantType: string;
  /** Whatever the grant needs, without what authenticates this server. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What the token may carry; absent: whatever the issuer gives. */
  readonly scopes: readonly string[] | undefined;
}

/** A bearer token. Rejects with `CredentialUnavailable` and nothing else. */
export async function requestToken(endpoint: TokenEndpoint, request: TokenRequest): Promise<IssuedToken> {
  try {
    const answer = await ask(endpoint, request);
    return read(answer, request.scopes);
  } catch (error) {
    throw toUnavailable(error);
  }
}

async function ask(endpoint: TokenEndpoint, { grantType, parameters, scopes }: TokenRequest) {
  const { url, clientId, clientSecret } = endpoint;
  const server = { issuer: url.origin, token_endpoint: url.href };
  const client = { client_id: clientId };
  const response = await genericTokenEndpointRequest(
    server,
    client,
    ClientSecretBasic(clientSecret.reveal()),
    grantType,
    { ...parameters, ...(scopes === undefined ? {} : { scope: scopes.join(' ') }) },
    {
      [customFetch]: (_url, { headers, body }) => post(endpoint, headers, String(body)),
      // Only for this machine: start-up has checked that.
      [allowInsecureRequests]: url.protocol === 'http:',
    },
  );
  return processGenericTokenEndpointResponse(server, client, response);
}

/** What a token is, where an exchange or its answer says so (RFC 8693, section 3). */
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

const MOST_BYTES = 100_000;

/** As all requests leave: no redirects, a checked address, a bounded answer. */
async function post(
  { url, reach, timeoutMs }: TokenEndpoint,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Response> {
  const request = {
    method: 'POST',
    url,
    headers: new Headers({ ...headers, 'accept-encoding': 'identity' }),
    body,
  } as const;
  const { signal } = new AbortController();
  // With a connection of its own: one that was kept open may be closed at the same moment.
  const sending = { timeoutMs, maxResponseBytes: MOST_BYTES, signal, reach, mayStillSend: () => true };
  const attempt = await send(request, sending);
  if (attempt.kind === 'not-allowed') throw new CredentialUnavailable(addressRefused());
  if (attempt.kind !== 'answered') throw notObtained();
  const { answer } = attempt;
  if (answer.status === 429 || answer.status >= 500) {
    throw notObtained(parseRetryAfter(answer.headers.get('retry-after') ?? undefined, Date.now()));
  }
  return new Response(textOf(answer.body), { status: answer.status, headers: answer.headers });
}

function textOf(body: AnswerBody): string | null {
  if (body.kind === 'json') return JSON.stringify(body.value);
  return body.kind === 'text' ? body.value : null;
}

function read(answer: TokenEndpointResponse, scopes: readonly string[] | undefined): IssuedToken {
  const { access_token: token, token_type: type, expires_in: expiresIn, scope } = answer;
  const { issued_token_type: issuedType = ACCESS_TOKEN } = answer;
  if (type !== 'bearer') throw notIssued('the issuer gives tokens of another type than bearer');
  if (issuedType !== ACCESS_TOKEN) throw notIssued('the issuer gives something else than an access token');
  if (!/^[\x21-\x7e]+$/.test(token)) throw notObtained();
  const given = scope?.split(' ').filter((one) => one !== '') ?? [];
  if (scopes !== undefined && given.some((one) => !scopes.includes(one))) {
    throw notIssued('the issuer gives more scopes than were asked for');
  }
  return { token: new Secret(() => token), expiresInMs: expiresIn === undefined ? undefined : expiresIn * 1_000 };
}

/** Those of RFC 6749, 8693 and 8707 that say no. Anything else an issuer writes is not repeated. */
const REFUSALS: ReadonlySet<string> = new Set([
  'access_denied',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'unauthorized_client',
  'unsupported_grant_type',
]);

function toUnavailable(error: unknown): CredentialUnavailable {
  if (error instanceof CredentialUnavailable) return error;
  if (error instanceof ResponseBodyError && REFUSALS.has(error.error)) return notIssued(error.error);
  // A challenge comes with 401, and hides the code in the body.
  if (error instanceof WWWAuthenticateChallengeError) return notIssued('invalid_client');
  return notObtained();
}
