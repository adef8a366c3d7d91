/** A real OAuth server on this machine, and what it was asked for. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { jwtVerify, type JWTPayload } from 'jose';
import { onTestFinished } from 'vitest';

import { CALLBACK, CLIENT_ID, signIn } from '../auth/authorization-server.ts';
import { AUDIENCE } from '../auth/issuer.ts';
import { CLIENT_SECRET, makeProvider, RESOURCE, type AccountProvider } from './provider-of-accounts.ts';
import type { Exchanged } from './token-exchange-grant.ts';

export { CLIENT_SECRET, NIGHT_SHIFT, RESOURCE, TARGET } from './provider-of-accounts.ts';

/** What stands in for the issuer's own answer. */
export type Interruption = (request: IncomingMessage, response: ServerResponse) => void;

export interface Issuer extends Pick<AccountProvider, 'accounts' | 'sign'> {
  readonly url: string;
  readonly tokenUrl: string;
  /** How many tokens were asked for by clients that have a secret. */
  readonly asked: () => number;
  /** The exchanges that it was asked for, in order. */
  readonly exchanged: readonly Exchanged[];
  /** The codes of what it refused, in order. */
  readonly refused: readonly string[];
  /** Signs the owner of an account in to the MCP server, as their browser and client do. */
  readonly signIn: (login: string) => Promise<{ readonly accessToken: string; readonly idToken: string }>;
  /** What a client gets for itself. */
  readonly tokenFor: (clientId: string, resource?: string) => Promise<string>;
  /** What the upstream learns from a token. Rejects where it is no access token of this issuer for the upstream. */
  readonly verify: (token: string) => Promise<JWTPayload>;
  /** What the token stands for; `undefined` where the issuer does not know it. */
  readonly look: (token: string) => Promise<IssuedFor | undefined>;
  /** Answers of the token endpoint, to clients that have a secret, from now on; `undefined`: its own. */
  readonly interrupt: (by: Interruption | undefined) => void;
  /** Resolves when so many tokens have been asked for. */
  readonly arrival: (count: number) => Promise<void>;
}

export interface IssuedFor {
  readonly clientId: unknown;
  readonly scope: string | undefined;
  readonly audience: string | readonly string[] | undefined;
}

/** `livesS`: how long its tokens for the upstream live, in seconds. */
export async function startIssuer({ livesS = 3_600 }: { readonly livesS?: number } = {}): Promise<Issuer> {
  let interruption: Interruption | undefined;
  let asked = 0;
  const waiting = new Set<() => void>();
  const refused: string[] = [];
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeAllConnections();
    await closed;
  });
  // A server that listens on a port has an address of this shape.
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const { provider, exchanges, accounts, keys, sign } = makeProvider(url, livesS);
  provider.on('grant.error', (_, error) => void refused.push(error.message));
  const answer = provider.callback();
  http.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.authorization === undefined) return void answer(request, response);
    asked += 1;
    for (const look of waiting) look();
    if (interruption === undefined) void answer(request, response);
    else interruption(request, response);
  });
  const verify = async (token: string): Promise<JWTPayload> =>
    (await jwtVerify(token, keys, { issuer: url, audience: RESOURCE, typ: 'at+jwt' })).payload;
  return {
    url,
    tokenUrl: `${url}/token`,
    accounts,
    sign,
    asked: () => asked,
    exchanged: exchanges.asked,
    refused,
    signIn: (login) => signInTo(url, login),
    tokenFor: (clientId, resource) => tokenFor(`${url}/token`, clientId, resource),
    verify,
    look: async (token) => {
      if (token.includes('.')) {
        const { client_id: clientId, scope, aud } = await verify(token);
        return { clientId, scope: typeof scope === 'string' ? scope : undefined, audience: aud };
      }
      const found = await provider.ClientCredentials.find(token);
      return found && { clientId: found.clientId, scope: found.scope, audience: found.aud };
    },
    interrupt: (by) => {
      interruption = by;
    },
    arrival: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (asked < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}

async function signInTo(url: string, login: string) {
  const verifier = randomBytes(32).toString('base64url');
  const about = { client_id: CLIENT_ID, redirect_uri: CALLBACK, resource: AUDIENCE };
  const query = new URLSearchParams({
    ...about,
    response_type: 'code',
    scope: 'openid read write extra',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const { searchParams } = await signIn(new URL(`${url}/auth?${query}`), login);
  const code = searchParams.get('code') ?? '';
  const form = { ...about, grant_type: 'authorization_code', code, code_verifier: verifier };
  const issued = await post(`${url}/token`, form);
  return { accessToken: String(issued['access_token']), idToken: String(issued['id_token']) };
}

async function tokenFor(tokenUrl: string, clientId: string, resource?: string): Promise<string> {
  const form = { grant_type: 'client_credentials', ...(resource !== undefined && { resource }) };
  const issued = await post(tokenUrl, form, { authorization: `Basic ${btoa(`${clientId}:${CLIENT_SECRET}`)}` });
  return String(issued['access_token']);
}

async function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
  const body = await response.text();
  if (!response.ok) throw new Error(`The authorization server says: ${body}`);
  // Token endpoints answer JSON objects.
  return JSON.parse(body) as Readonly<Record<string, unknown>>;
}
