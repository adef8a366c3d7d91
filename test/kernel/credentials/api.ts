/** An upstream that takes tokens, and a declared tool that reaches it with those of an issuer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { JWTPayload } from 'jose';
import { onTestFinished } from 'vitest';

import { readSettings } from '../../../templates/kernel/config.ts';
import type { Delegation } from '../../../templates/kernel/delegation.ts';
import type { Execution } from '../../../templates/kernel/execution.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import type { Settings } from '../../../templates/kernel/settings.ts';
import type { CredentialDeclaration, ServerDeclaration, Tool } from '../../../templates/kernel/tool.ts';
import { clientCredentials } from '../../../templates/kernel/upstream/credentials/client-credentials.ts';
import { tokenExchange } from '../../../templates/kernel/upstream/credentials/token-exchange.ts';
import { upstreamsWith } from '../../../templates/kernel/upstream/part.ts';
import { prepareRequest } from '../../../templates/kernel/upstream/prepare-request.ts';
import { declareTool } from '../upstream/declared.ts';
import { CLIENT_SECRET } from './issuer.ts';

export interface Api {
  readonly url: string;
  /** The tokens that came, in order. */
  readonly tokens: string[];
  /** Where the upstream verifies them: which path each call asked for, and what its token says. */
  readonly calls: { readonly path: string; readonly claims: JWTPayload }[];
  /** Refuses these tokens with 401, and takes every other. */
  readonly refused: Set<string>;
  /** What it answers next, whatever the token. */
  readonly next: number[];
}

/** `verify`: what a token says, rejecting where it is not good there; absent: any token is. */
export async function startApi({ verify }: { readonly verify?: Verify } = {}): Promise<Api> {
  const tokens: string[] = [];
  const calls: { readonly path: string; readonly claims: JWTPayload }[] = [];
  const refused = new Set<string>();
  const next: number[] = [];
  const check = async (token: string, path: string): Promise<number> => {
    if (refused.has(token)) return 401;
    try {
      if (verify !== undefined) calls.push({ path, claims: await verify(token) });
      return 200;
    } catch {
      return 401;
    }
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    tokens.push(token);
    const status = next.shift() ?? (await check(token, request.url ?? ''));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ status }));
  };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => void answer(request, response));
  });
  return { url: await listen(server), tokens, calls, refused, next };
}

type Verify = (token: string) => Promise<JWTPayload>;

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  // A server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

export const CREDENTIAL = {
  type: 'oauth-client-credentials',
  tokenUrl: { env: 'API_TOKEN_URL' },
  clientId: { value: 'connector' },
  clientSecret: { secret: 'API_CLIENT_SECRET' },
} as const;

export const part = upstreamsWith({
  'oauth-client-credentials': clientCredentials,
  'oauth-token-exchange': tokenExchange,
});

export function serverAt(url: string, credential: CredentialDeclaration = CREDENTIAL, attempts = 1): ServerDeclaration {
  return {
    name: 'things',
    version: '1.0.0',
    scopes: {},
    roles: {},
    upstreams: [
      {
        name: 'api',
        baseUrl: { value: url },
        allowedHosts: ['127.0.0.1'],
        credential,
        timeoutMs: 5_000,
        attempts,
        maxDelayMs: 100,
        maxResponseBytes: 10_000,
      },
    ],
    tools: [],
    retentionMs: 86_400_000,
  };
}

export function settingsAt(
  url: string,
  tokenUrl: string,
  about: {
    readonly credential?: CredentialDeclaration;
    readonly attempts?: number;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Settings {
  const variables = { API_TOKEN_URL: tokenUrl, API_CLIENT_SECRET: CLIENT_SECRET, ...about.environment };
  return readSettings(serverAt(url, about.credential, about.attempts), variables, part);
}

export const READ: Tool = declareTool({});

/** As a call does: prepared, and sent where that went well. */
export async function execute(
  settings: Settings,
  about: {
    readonly tool?: Tool;
    readonly args?: JsonObject;
    readonly signal?: AbortSignal;
    readonly delegation?: Delegation;
  } = {},
): Promise<Execution> {
  const { tool = READ, args = {}, signal = new AbortController().signal, delegation } = about;
  const scope = { args, principal: { subject: 'ann' }, operationKey: 'key-1' };
  const prepared = await prepareRequest({ tool, scope, settings, conditions: undefined, delegation, signal });
  return prepared.kind === 'refused' ? prepared.execution : prepared.send({ signal, mayStillSend: () => true });
}
