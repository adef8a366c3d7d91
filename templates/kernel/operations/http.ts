/** Operations over HTTP, for operators: JSON in and out, refusals as the usual error envelope. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Caller } from '../caller.ts';
import type { Category } from '../failure.ts';
import { Refusal } from '../pipeline/errors.ts';
import type { RequestLimits } from '../settings.ts';
import { UnusableBody } from '../transport/http-body.ts';
import type { OperationsOverHttp } from '../transport/transport.ts';
import { LISTED, type Listed, type OperationsDesk, type Operator } from './desk.ts';
import { readFinding, readNothing } from './http-input.ts';
import { badRequest, noSuchOperation } from './refusals.ts';

const ONE = /^\/operations\/(op_[0-9a-f]{32})(?:\/(approve|deny|resolve))?$/;

const STATUS: Readonly<Partial<Record<Category, number>>> = {
  invalid_input: 400,
  permission_denied: 403,
  not_found: 404,
  conflict: 409,
  unavailable: 503,
};

/** `GET /operations?state=…`, `GET /operations/<id>`, `POST /operations/<id>/approve|deny|resolve`, `POST /operations/purge`. */
export const operationsOverHttp: OperationsOverHttp = (desk, limits) => async (request, response, caller) => {
  const route = findRoute(request);
  if (route === undefined) return refuse(response, noSuchOperation());
  if (request.method !== route.method) {
    response.setHeader('allow', route.method);
    return refuse(response, badRequest(`Use ${route.method} here.`), 405);
  }
  try {
    send(response, 200, { ok: true, ...(await route.answer({ desk, request, limits, operator: operatorOf(caller) })) });
  } catch (error) {
    if (error instanceof Refusal) return refuse(response, error);
    if (!(error instanceof UnusableBody)) throw error;
    const { status, message } = error.refusal;
    return refuse(response, badRequest(message), status);
  }
};

interface Asked {
  readonly desk: OperationsDesk;
  readonly operator: Operator;
  readonly request: IncomingMessage;
  readonly limits: RequestLimits;
}

interface Route {
  readonly method: 'GET' | 'POST';
  readonly answer: (asked: Asked) => Promise<object>;
}

const PURGE: Route = {
  method: 'POST',
  answer: async ({ desk, operator, request, limits }) => {
    await readNothing(request, limits);
    return { removed: await desk.purge(operator) };
  },
};

function findRoute({ url = '' }: IncomingMessage): Route | undefined {
  const [path = '', query = ''] = url.split('?');
  if (path === '/operations') {
    return { method: 'GET', answer: ({ desk, operator }) => desk.list(operator, kindsIn(new URLSearchParams(query))) };
  }
  if (path === '/operations/purge') return PURGE;
  const [, id, action] = ONE.exec(path) ?? [];
  return id === undefined ? undefined : routeTo(id, action);
}

function routeTo(id: string, action: string | undefined): Route {
  switch (action) {
    case undefined:
      return { method: 'GET', answer: async ({ desk, operator }) => ({ operation: await desk.show(operator, id) }) };
    case 'resolve':
      return {
        method: 'POST',
        answer: async ({ desk, operator, request, limits }) => {
          const finding = await readFinding(request, limits);
          return { operation: await desk.resolve(operator, id, finding) };
        },
      };
    default:
      return {
        method: 'POST',
        answer: async ({ desk, operator, request, limits }) => {
          await readNothing(request, limits);
          return { operation: await desk.decide(operator, id, { approve: action === 'approve' }) };
        },
      };
  }
}

function kindsIn(query: URLSearchParams): readonly Listed[] {
  const wanted = query.getAll('state');
  const unknown = wanted.find((state) => !LISTED.some((kind) => kind === state));
  if (unknown !== undefined)
    throw badRequest(`There is no such state to list: use ${LISTED.join(', ')}, or none for all.`);
  return wanted.length === 0 ? LISTED : LISTED.filter((kind) => wanted.includes(kind));
}

function operatorOf(caller: Caller): Operator {
  return { caller, over: 'http' };
}

/** Ends the connection: what is left of an unread body is nobody's. */
function refuse(response: ServerResponse, { body }: Refusal, status = STATUS[body.category] ?? 500): void {
  response.setHeader('connection', 'close');
  send(response, status, { ok: false, error: body });
}

function send(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(JSON.stringify(body));
}
