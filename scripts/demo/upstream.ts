/**
 * A billing system to call: a real HTTP server on loopback, over a small ledger, that can be told to misbehave.
 *
 * @example
 * const upstream = await startUpstream({ token: 'secret' });
 * upstream.become('busy');
 * console.log(upstream.url, upstream.effects.refunds);
 * await upstream.close();
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { type Answer, type Effects, Ledger } from './ledger.ts';

/**
 * How requests are answered.
 * - `normal`: by the ledger
 * - `missing`: 404 · `busy`: 429 with `Retry-After: 7`; neither touches the ledger
 * - `reset`: the ledger is changed, and the connection is cut; reads are answered
 */
export type Mode = 'normal' | 'missing' | 'busy' | 'reset';

export interface Upstream {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What requests have done to the ledger; counted live. */
  readonly effects: Readonly<Effects>;
  /** Every request so far, e.g. `POST /v1/invoices/inv_4821abcd/refunds`. */
  readonly requests: readonly string[];
  become(mode: Mode): void;
  close(): Promise<void>;
}

/** Starts the billing system on a free port; it answers 401 to any other bearer token. */
export async function startUpstream(options: { readonly token: string }): Promise<Upstream> {
  const ledger = new Ledger();
  const requests: string[] = [];
  let mode: Mode = 'normal';

  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const asked = mode;
    answer(request, ledger, { mode: asked, token: options.token }).then(
      (result) => deliver(response, result, request.method === 'GET' && asked === 'reset' ? 'normal' : asked),
      (error: unknown) => deliver(response, { status: 500, body: { code: String(error) } }, 'normal'),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The cast holds: a TCP server that listens has an address.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    effects: ledger.effects,
    requests,
    become: (next) => {
      mode = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}

async function answer(
  request: IncomingMessage,
  ledger: Ledger,
  { mode, token }: { readonly mode: Mode; readonly token: string },
): Promise<Answer> {
  if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { code: 'unauthorized' } };
  if (mode === 'missing') return { status: 404, body: { code: 'not_found' } };
  if (mode === 'busy') return { status: 429, body: { code: 'busy' } };
  const body = request.method === 'GET' ? {} : await json(request);
  return route(request, body, ledger);
}

function route(request: IncomingMessage, body: unknown, ledger: Ledger): Answer {
  const url = new URL(request.url ?? '/', 'http://upstream');
  const [, , collection, id = '', part = ''] = url.pathname.split('/').map(decodeURIComponent);
  const field = (name: string): unknown => Object(body)[name];
  switch (`${request.method} ${collection} ${part}`) {
    case 'GET invoices ':
      return id === '' ? list(url.searchParams, ledger) : ledger.getInvoice(id);
    case 'GET refunds ':
      return ledger.findRefunds(url.searchParams.get('key'));
    case 'POST invoices refunds': {
      const key = String(request.headers['idempotency-key']);
      return ledger.refund(id, { key, amount: Number(field('amount')), reason: String(field('reason')) });
    }
    case 'POST invoices credit-notes':
      return ledger.addCreditNote(id, Number(field('amount')), String(field('note')));
    case 'PUT customers email':
      return ledger.setEmail(id, String(field('email')));
    default:
      return { status: 404, body: { code: 'no_such_route' } };
  }
}

function list(query: URLSearchParams, ledger: Ledger): Answer {
  return ledger.listInvoices({
    customer: query.get('customer'),
    status: query.get('status'),
    limit: Number(query.get('limit') ?? 20),
    cursor: Number(query.get('cursor') ?? 0),
  });
}

function deliver(response: ServerResponse, { status, body }: Answer, mode: Mode): void {
  if (mode === 'reset') {
    response.destroy();
    return;
  }
  const headers = { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '7' } : {}) };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
