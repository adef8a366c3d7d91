/** An upstream that notes what reaches it and answers as told. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface NotingUpstream {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  /** Holds for every request from now on. */
  answer(status: number, body: unknown): void;
  close(): Promise<void>;
}

export async function startNotingUpstream(): Promise<NotingUpstream> {
  const requests: SeenRequest[] = [];
  let next = { status: 200, body: '{}' };
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers, body: await text(request) });
    response.writeHead(next.status, { 'content-type': 'application/json' }).end(next.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The cast holds: a TCP server that listens has an address.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answer: (status, body) => {
      next = { status, body: JSON.stringify(body) };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
    },
  };
}
