/** A real HTTP upstream on 127.0.0.1 that answers as it is told and keeps every request: each one is an effect. */
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { JsonValue } from '../../../src/kernel/json.ts';

/** What the upstream does with a request; `hang`: keeps it waiting, `reset`: breaks the connection after reading it. */
export type Reply = HttpReply | 'hang' | 'reset';

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: JsonValue;
}

export interface ReceivedRequest {
  readonly method: string;
  /** As it came over the wire, percent-encoded. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface Loopback {
  readonly url: string;
  readonly received: readonly ReceivedRequest[];
  /** What the next requests are answered with, and those that wait. */
  answerWith(reply: Reply): void;
  /** Resolves when so many requests have been read. */
  arrival(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startLoopback(firstReply: Reply): Promise<Loopback> {
  let reply = firstReply;
  const received: ReceivedRequest[] = [];
  const waiting = new Set<() => void>();
  const arrivals = new EventEmitter();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      received.push(await readRequest(request));
    } catch {
      response.destroy(); // broken off by its sender before it was whole
      return;
    }
    if (reply === 'hang') waiting.add(() => answer(reply, request, response));
    else answer(reply, request, response);
    arrivals.emit('arrival');
  };
  const http = createServer((request, response) => void serve(request, response));
  await once(http.listen(0, '127.0.0.1'), 'listening');
  // A server that listens on a TCP port has an address of this shape.
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answerWith(next) {
      reply = next;
      for (const answerNow of waiting) answerNow();
      waiting.clear();
    },
    async arrival(count) {
      while (received.length < count) await once(arrivals, 'arrival');
    },
    async close() {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const [path = '', ...query] = (request.url ?? '').split('?');
  return {
    method: request.method ?? '',
    path,
    query: [...new URLSearchParams(query.join('?'))],
    body: await text(request),
  };
}

function answer(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
  response.end(reply.body === undefined ? undefined : JSON.stringify(reply.body));
}
