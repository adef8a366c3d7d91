/** A real upstream on this machine that answers as it is told and keeps what it received. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net';

import { onTestFinished } from 'vitest';

import type { Certificate } from './certificate.ts';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Upstream {
  readonly url: URL;
  readonly received: Received[];
}

export type Reply = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Answers the replies in order, then the last one for ever. */
export async function startUpstream(
  ...replies: readonly [Reply, ...Reply[]]
): Promise<Upstream & { readonly server: Server }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(response, replies[Math.min(received.length, replies.length) - 1] ?? replies[0]);
    });
  });
  return { url: await listen(server), received, server };
}

function answer(response: ServerResponse, { status, body, headers }: Reply): void {
  const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

/** Hands every connection to `behave` with the request, once that is there. Counts them in `requests`. */
export async function startRawUpstream(
  behave: (socket: Socket, request: string) => void,
): Promise<{ readonly url: URL; readonly requests: () => number }> {
  let requests = 0;
  const server = createSocketServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (request: Buffer) => {
      requests += 1;
      behave(socket, request.toString());
    });
  });
  return { url: await listen(server), requests: () => requests };
}

/** Takes connections and says nothing. `bytes`: how many came on the first one, once that ended. */
export async function startSilentUpstream(
  onConnection: () => void = () => {},
): Promise<{ readonly url: URL; readonly bytes: Promise<number> }> {
  const first = Promise.withResolvers<number>();
  const server = createSocketServer((socket) => {
    socket.on('error', () => {}).resume();
    socket.once('close', () => first.resolve(socket.bytesRead));
    onConnection();
  });
  return { url: await listen(server), bytes: first.promise };
}

/** Answers every request over TLS. `handshakes`: how many came about. `ended`: the first connection is over. */
export async function startSecureUpstream(
  certificate: Certificate,
): Promise<Upstream & { readonly handshakes: () => number; readonly ended: Promise<void> }> {
  const received: Received[] = [];
  const first = Promise.withResolvers<void>();
  let handshakes = 0;
  const server = createSecureServer(certificate, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      answer(response, { status: 200, body: { ok: 1 } });
    });
  });
  server.on('secureConnection', () => (handshakes += 1)).on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => void socket.once('close', () => first.resolve()));
  const { port } = await listen(server);
  const url = new URL(`https://127.0.0.1:${port}`);
  return { url, received, handshakes: () => handshakes, ended: first.promise };
}

/** A port on which nobody listens. */
export async function findClosedPort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: Server): Promise<URL> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return new URL(`http://127.0.0.1:${port}`);
}
