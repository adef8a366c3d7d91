/** Refusals at the door of the HTTP transport: JSON-RPC errors that belong to no request. */
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** JSON-RPC code; absent: −32000, a server error. */
  readonly code?: number;
  readonly headers?: OutgoingHttpHeaders;
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
