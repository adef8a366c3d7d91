/** A client's one connection over HTTP, kept alive from call to call. */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

import { echoCall, headersFor, readEcho, type EchoArguments, type Echoed, type Era } from './messages.ts';

export interface HttpConnection {
  /** Rejects where the answer is no result of the tool. */
  echo(id: number, args: EchoArguments): Promise<Echoed>;
  close(): void;
}

export function openConnection(url: URL, era: Era): HttpConnection {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = headersFor(era);
  return {
    echo: async (id, args) => {
      const { status, body } = await post(url, { agent, headers, body: JSON.stringify(echoCall(id, args, era)) });
      if (status !== 200) throw new Error(`The server answered ${status}: ${body}`);
      return readEcho(body);
    },
    close: () => agent.destroy(),
  };
}

interface Posting {
  readonly agent: Agent;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function post(
  url: URL,
  { agent, headers, body }: Posting,
): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers }, (incoming) => {
      text(incoming).then((answer) => resolve({ status: incoming.statusCode ?? 0, body: answer }), reject);
    });
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      // The server closed the connection while it was idle, and never saw this.
      if (outgoing.reusedSocket && error.code === 'ECONNRESET') resolve(post(url, { agent, headers, body }));
      else reject(error);
    });
    outgoing.end(body);
  });
}
