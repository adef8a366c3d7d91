/** What every HTTP request has to pass before the protocol sees it; the SDK checks none of this. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import {
  hostHeaderValidation,
  originValidation,
  type NodeIncomingMessageLike,
  type NodeMcpRequestHandler,
} from '@modelcontextprotocol/node';

import { carry } from './carried-identity.ts';
import { BUSY, cutOffIfUnread, refuse, sendJson } from './http-answer.ts';
import { readJson, UnusableBody } from './http-body.ts';
import { createPlaces } from './http-places.ts';
import { callIn, malformedCallIn } from './message.ts';
import { createReadiness } from './readiness.ts';
import type { HttpSettings, Identified, Identity, Serving } from './transport.ts';

const MOST_CALLS_AT_ONCE = 64;

export interface Gate {
  readonly handle: RequestListener;
  /** From now on new calls are refused; those under way go on. */
  close(): void;
}

export function createGate(
  serving: Pick<Serving, 'runtime' | 'caller' | 'guard' | 'limits' | 'checkReady' | 'log' | 'operations'>,
  settings: HttpSettings,
  serve: NodeMcpRequestHandler,
): Gate {
  const { runtime, guard, limits, checkReady, log, operations } = serving;
  const mayAskForHost = hostHeaderValidation([...settings.allowedHosts]);
  const mayComeFromOrigin = originValidation([...settings.allowedOrigins]);
  const isReady = createReadiness(checkReady);
  let isClosing = false;

  /** A write goes on when its client leaves, so that neither count is enough alone. */
  const placeOf = createPlaces((taken) => !isClosing && Math.max(taken, runtime.callsUnderWay()) < MOST_CALLS_AT_ONCE);

  async function identify(request: IncomingMessage): Promise<Identified> {
    return guard === undefined ? { kind: 'identified', identity: { caller: serving.caller } } : guard.identify(request);
  }

  /** A client may get more scopes if it is told so by the status; the answer says the same to those that only read that. */
  function isRefused(message: unknown, { caller }: Identity, response: ServerResponse): boolean {
    const called = guard && callIn(message);
    const refused = called && runtime.refuseUnscoped({ ...called.call, caller });
    if (guard === undefined || called === undefined || refused === undefined) return false;
    const headers = { 'www-authenticate': guard.challenge(refused.scopes) };
    sendJson(response, { status: 403, headers, body: { jsonrpc: '2.0', id: called.id, result: refused.result } });
    return true;
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-content-type-options', 'nosniff');
    cutOffIfUnread(response);
    const [path] = (request.url ?? '').split('?');
    // Before the check of the host: a balancer asks by address, and what it is told is one word.
    if (path === '/healthz') return answerHealth(response, true);
    if (path === '/readyz') return answerHealth(response, !isClosing && (await isReady()));
    if (!mayAskForHost(request, response) || !mayComeFromOrigin(request, response)) return;
    const metadata = guard?.metadata(path ?? '');
    if (metadata !== undefined) {
      if (request.method !== 'GET') return refuse(response, methodNotAllowed('GET'));
      return sendJson(response, { status: 200, body: metadata });
    }
    const forOperators = isForOperators(path) ? operations : undefined;
    if (path !== '/mcp' && forOperators === undefined) return refuse(response, NOTHING_HERE);
    if (path === '/mcp' && request.method !== 'POST') return refuse(response, methodNotAllowed('POST'));
    const place = placeOf(response);
    if (!place.take()) return refuse(response, BUSY);
    const identified = await identify(request);
    if (identified.kind === 'refused') return refuse(response, identified.refusal);
    const { identity } = identified;
    if (forOperators !== undefined) return forOperators(request, response, identity.caller);
    // Those who send slowly keep no place from others.
    place.leave();
    const message = await readJson(request, limits);
    if (!place.take()) return refuse(response, BUSY);
    if (isRefused(message, identity, response)) return;
    const malformed = malformedCallIn(message);
    if (malformed !== undefined) runtime.noteMalformed({ ...malformed, caller: identity.caller });
    await serve(handedOn(request, identity), response, message);
  }

  return {
    handle: (request, response) => {
      handle(request, response).catch((error: unknown) => {
        if (error instanceof UnusableBody) return refuse(response, error.refusal);
        log.error('A request failed unexpectedly', {}, error);
        return refuse(response, { status: 500, message: 'Internal error', code: -32603 });
      });
    },
    close: () => {
      isClosing = true;
    },
  };
}

function isForOperators(path: string | undefined): boolean {
  return path === '/operations' || path?.startsWith('/operations/') === true;
}

const NOTHING_HERE = { status: 404, message: 'There is nothing here but /mcp.' };
const methodNotAllowed = (allow: string) => ({
  status: 405,
  message: `Method not allowed: use ${allow}.`,
  headers: { allow },
});

/** The body has been read and is handed over parsed; the token has been checked, and stays here. */
function handedOn({ method, url, headers }: IncomingMessage, identity: Identity): NodeIncomingMessageLike {
  const { authorization: _, ...others } = headers;
  return {
    ...(method !== undefined && { method }),
    ...(url !== undefined && { url }),
    headers: others,
    auth: carry(identity),
    async *[Symbol.asyncIterator]() {},
  };
}

function answerHealth(response: ServerResponse, isFine: boolean): void {
  response.writeHead(isFine ? 200 : 503, { 'content-type': 'text/plain' }).end(isFine ? 'ok\n' : 'unavailable\n');
}
