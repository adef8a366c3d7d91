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
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Loopback {
  readonly url: string;
  /** The effects. */
  readonly received: readonly ReceivedRequest[];
  /** What those were for that only read, as their paths are marked. */
  readonly reads: readonly string[];
  /** What the next requests are answered with, and those that wait. */
  answerWith(reply: Reply): void;
  /** What requests that only read are answered with; until then `404`. */
  answerReadsWith(mark: string, reply: Reply): void;
  /** Resolves when so many effects have been asked for. */
  arrival(count: number): Promise<void>;
  /** Resolves when something was read. */
  readArrival(mark: string): Promise<void>;
  close(): Promise<void>;
}

export async function startLoopback(firstReply: Reply): Promise<Loopback> {
  let reply = firstReply;
  const received: ReceivedRequest[] = [];
  const reads: string[] = [];
  const readReplies = new Map<string, Reply>();
  const waiting = new Set<() => void>();
  const arrivals = new EventEmitter();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const mark = markOf(request);
    try {
      const whole = await readRequest(request);
      if (mark === undefined) received.push(whole);
      else reads.push(mark);
    } catch {
      response.destroy(); // broken off by its sender before it was whole
      return;
    }
    if (mark !== undefined) answer(readReplies.get(mark) ?? NOTHING_THERE, request, response);
    else if (reply === 'hang') waiting.add(() => answer(reply, request, response));
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
    reads,
    answerReadsWith: (mark, next) => void readReplies.set(mark, next),
    answerWith(next) {
      reply = next;
      for (const answerNow of waiting) answerNow();
      waiting.clear();
    },
    async arrival(count) {
      while (received.length < count) await once(arrivals, 'arrival');
    },
    async readArrival(mark) {
      while (!reads.includes(mark)) await once(arrivals, 'arrival');
    },
    async close() {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

const NOTHING_THERE: HttpReply = { status: 404 };

/** `/-lookup/refunds` → `-lookup` */
function markOf({ url = '' }: IncomingMessage): string | undefined {
  return /^\/(-lookup|-precondition-\d+|-after-step)(?:[/?]|$)/.exec(url)?.[1];
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const [path = '', ...query] = (request.url ?? '').split('?');
  return {
    method: request.method ?? '',
    path,
    query: [...new URLSearchParams(query.join('?'))],
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
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
