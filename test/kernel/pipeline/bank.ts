/** A real upstream on this machine that answers as a test says, request by request. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

export interface BankRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** `cut off`: the connection ends without an answer. */
export type BankReply =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  | 'cut off';

export interface Bank {
  readonly url: URL;
  /** In the order of their arrival. */
  readonly received: readonly BankRequest[];
  reads(): readonly BankRequest[];
  writes(): readonly BankRequest[];
  /** From now on connections are refused. */
  close(): Promise<void>;
}

/** What `answer` never resolves to is a request without an answer. */
export async function startBank(answer: (request: BankRequest) => BankReply | Promise<BankReply>): Promise<Bank> {
  const received: BankRequest[] = [];
  const server = createServer((incoming, response) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', async () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body };
      received.push(request);
      const reply = await answer(request);
      if (reply === 'cut off') return incoming.socket.destroy();
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      return response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  const isRead = ({ method }: BankRequest): boolean => method === 'GET';
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    received,
    reads: () => received.filter(isRead),
    writes: () => received.filter((request) => !isRead(request)),
    close,
  };
}

/** Takes refunds: `POST /refunds` has an effect, `GET /refunds/…` finds it by its key. `lose`: the answers to so many get lost. */
export async function startRefunds({ lose = 0, keyed = false } = {}): Promise<Bank & { readonly effects: string[] }> {
  const effects: string[] = [];
  const known = new Map<string, string>();
  let lost = 0;
  const bank = await startBank(({ method, url, headers, body }) => {
    if (method === 'GET') {
      const id = known.get(url.slice('/refunds/'.length));
      return id === undefined ? { status: 404 } : { status: 200, body: { id } };
    }
    const key = String(headers['idempotency-key']);
    const id = (keyed ? known.get(key) : undefined) ?? `re_${effects.push(body)}`;
    known.set(key, id);
    lost += 1;
    return lost <= lose ? 'cut off' : { status: 200, body: { id } };
  });
  return { ...bank, effects };
}
