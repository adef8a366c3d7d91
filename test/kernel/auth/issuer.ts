/** An authorization server on loopback: it publishes keys, signs tokens, and answers what it is asked about them. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { onTestFinished } from 'vitest';

export const AUDIENCE = 'https://mcp.example/mcp';

export interface Issuer {
  readonly url: string;
  /** A good access token but for what is changed; `undefined` leaves a claim out. */
  sign(claims?: Readonly<Record<string, unknown>>, header?: Header): Promise<string>;
  /** From now on tokens are signed with another key, and the one before is published no more. */
  rotate(): Promise<void>;
  /** Makes an opaque token of which introspection says this. */
  issue(claims: Readonly<Record<string, unknown>>): string;
  revoke(token: string): void;
  /** Answers every request with this status; `undefined`: as usual. */
  failWith(status: number | undefined): void;
  /** What it publishes about itself, changed. */
  publish(changes: Readonly<Record<string, unknown>>): void;
  /** The published key. */
  publicKey(): JWK;
  /** Method and path of each request. */
  readonly asked: readonly string[];
  /** What came with requests to introspect: credentials and form. */
  readonly introspected: readonly { readonly authorization: string | undefined; readonly form: URLSearchParams }[];
}

interface Header {
  readonly kid?: string;
  readonly typ?: string | undefined;
}

export const CLIENT = { id: 'mcp server', secret: 'introspection:secret' };

/** Good claims for a while. */
export function goodClaims(issuer: string): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1_000);
  return { iss: issuer, aud: AUDIENCE, sub: 'ada', exp: now + 300, iat: now, jti: 'token-1', scope: 'read' };
}

export async function startIssuer(): Promise<Issuer> {
  let key = await newKey();
  let status: number | undefined;
  let changes: Readonly<Record<string, unknown>> = {};
  const asked: string[] = [];
  const introspected: { authorization: string | undefined; form: URLSearchParams }[] = [];
  const issued = new Map<string, Readonly<Record<string, unknown>>>();

  const answers: Record<string, (request: IncomingMessage) => unknown> = {
    'GET /.well-known/openid-configuration': () => ({ issuer: url, jwks_uri: `${url}/keys`, ...changes }),
    'GET /keys': () => ({ keys: [key.jwk] }),
    // Where redirects lead.
    'GET /elsewhere': () => ({ active: true, ...goodClaims(url) }),
    'POST /introspect': async (request) => {
      const form = new URLSearchParams(await text(request));
      introspected.push({ authorization: request.headers.authorization, form });
      return issued.get(form.get('token') ?? '') ?? { active: false };
    },
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = `${request.method} ${request.url}`;
    asked.push(route);
    const found = answers[route];
    const code = (route === 'GET /elsewhere' ? undefined : status) ?? (found === undefined ? 404 : 200);
    const body = code === 200 ? await found?.(request) : {};
    response.writeHead(code, { 'content-type': 'application/json', location: '/elsewhere' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on a port has this kind of address.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    asked,
    introspected,
    sign: (claims = {}, header = {}) => {
      const { typ, kid } = { kid: key.jwk.kid ?? '', typ: 'at+jwt', ...header };
      return new SignJWT({ ...goodClaims(url), ...claims })
        .setProtectedHeader({ alg: 'ES256', kid, ...(typ !== undefined && { typ }) })
        .sign(key.privateKey);
    },
    rotate: async () => {
      key = await newKey();
    },
    issue: (claims) => {
      const token = `opaque-${issued.size}-canary`;
      issued.set(token, { active: true, ...goodClaims(url), ...claims });
      return token;
    },
    revoke: (token) => void issued.delete(token),
    failWith: (code) => {
      status = code;
    },
    publish: (changed) => {
      changes = changed;
    },
    publicKey: () => key.jwk,
  };
}

let keys = 0;

async function newKey(): Promise<{ readonly privateKey: CryptoKey; readonly jwk: JWK }> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  keys += 1;
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid: `key-${keys}`, alg: 'ES256', use: 'sig' } };
}
