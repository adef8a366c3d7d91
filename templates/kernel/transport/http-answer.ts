/** What the HTTP transport answers by itself, before the protocol is asked. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { Refusal } from './transport.ts';

export interface JsonAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: OutgoingHttpHeaders;
}

export function sendJson(response: ServerResponse, { status, body, headers }: JsonAnswer): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export const BUSY: Refusal = {
  status: 503,
  message: 'Too busy: try again shortly.',
  headers: { 'retry-after': '1' },
};

/** Answers, and ends the connection: what is left of an unread body is nobody's. */
export function refuse(response: ServerResponse, { status, message, code = -32000, headers }: Refusal): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response
    .writeHead(status, { ...headers, 'content-type': 'application/json', connection: 'close' })
    .end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}

/** How long a client may take nothing of what it is answered; in milliseconds. */
const LONGEST_STANDSTILL_MS = 15_000;

/** Cuts off a client that does not read its answer. While there is nothing to be read, it may wait. */
export function cutOffIfUnread(response: ServerResponse): void {
  response.setTimeout(LONGEST_STANDSTILL_MS, () => {
    const { socket } = response;
    if (socket !== null && socket.writableLength > 0) socket.destroy();
  });
}
