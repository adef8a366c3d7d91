/** Starts the server whose callers sign in, with its issuer and its upstream, and connects callers to it. */
import { fileURLToPath } from 'node:url';

import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';

import { newClient, servedEnvironment, startServed, type Era, type Served } from '../transport/process.ts';
import { startUpstream, type Upstream } from '../upstream/loopback.ts';
import { AUDIENCE, CLIENT, startIssuer, type Issuer } from './issuer.ts';

export const SIGNED_IN = fileURLToPath(new URL('served.ts', import.meta.url));

export interface SignedIn {
  readonly url: URL;
  readonly issuer: Issuer;
  readonly ledger: Upstream;
  readonly served: Served;
  readonly storePath: string;
}

/** What the process needs; MCP_SCOPES is what a caller on stdio would hold. */
export function environmentFor(issuer: Pick<Issuer, 'url'>, ledger: Pick<Upstream, 'url'>, changes = {}) {
  return servedEnvironment({
    MCP_SCOPES: 'write extra approve operate',
    MCP_WRITES: 'enabled',
    MCP_ISSUER: issuer.url,
    MCP_AUDIENCE: AUDIENCE,
    LEDGER_URL: ledger.url.href,
    LEDGER_TOKEN: 'ledger-token',
    ...changes,
  });
}

export const OPAQUE = (issuer: Pick<Issuer, 'url'>) => ({
  OPAQUE: 'yes',
  INTROSPECTION_URL: `${issuer.url}/introspect`,
  INTROSPECTION_ID: CLIENT.id,
  INTROSPECTION_SECRET: CLIENT.secret,
});

/** Over HTTP. */
export async function startSignedIn({
  opaque = false,
  environment = {},
  flags = [] as readonly string[],
} = {}): Promise<SignedIn> {
  const issuer = await startIssuer();
  const ledger = await startUpstream({ status: 200, body: { done: true } });
  const variables = environmentFor(issuer, ledger, { ...(opaque && OPAQUE(issuer)), ...environment });
  const served = startServed(['--transport', 'http', ...flags], variables, SIGNED_IN);
  const [, address] = /listening on (http:\/\/\S+?\/mcp)/.exec(await served.stderr(/listening on /)) ?? [];
  if (address === undefined) throw new Error('it does not say where it listens');
  return { url: new URL(address), issuer, ledger, served, storePath: variables['MCP_STORE_PATH'] ?? '' };
}

export interface Answer {
  readonly status: number;
  readonly challenge: string | null;
  readonly body: string;
}

/** A request as it is. */
export async function send(url: URL, token: string | undefined, message: object = LIST): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(message) });
  return { status: response.status, challenge: response.headers.get('www-authenticate'), body: await response.text() };
}

export const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
export const callOf = (name: string) => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'tools/call',
  params: { name, arguments: {} },
});

/** The official client, and the refusals that came back by status. */
export async function connect(url: URL, token: string, era: Era) {
  const refused: Answer[] = [];
  const keepRefusals = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const response = await fetch(input, init);
    if (response.status === 403) {
      const body = await response.clone().text();
      refused.push({ status: 403, challenge: response.headers.get('www-authenticate'), body });
    }
    return response;
  };
  const client = newClient(era);
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers }, fetch: keepRefusals }));
  onTestFinished(() => client.close());
  return { client, refused };
}

export async function connectStdio(environment: Record<string, string>, era: Era) {
  const client = newClient(era);
  const transport = { command: process.execPath, args: [SIGNED_IN, '--transport', 'stdio'], env: environment };
  await client.connect(new StdioClientTransport({ ...transport, stderr: 'ignore' }));
  onTestFinished(() => client.close());
  return client;
}
