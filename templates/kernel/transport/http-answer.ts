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
