/** All that a billing server talks to, on this machine: an upstream, who signs callers in, who gives it tokens. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import { onTestFinished } from 'vitest';

import { AUDIENCE, CLIENT, startIssuer } from '../kernel/auth/issuer.ts';
import { CLIENT_SECRET, startIssuer as startTokenIssuer } from '../kernel/credentials/issuer.ts';

export interface World {
  readonly environment: Readonly<Record<string, string>>;
  /** Tokens of a caller who may refund. */
  readonly token: { readonly jwt: string; readonly opaque: string };
  readonly refunds: () => number;
  /** Credentials that came with refunds. */
  readonly credentials: readonly (string | undefined)[];
}

export async function startWorld(): Promise<World> {
  const [issuer, tokens] = await Promise.all([startIssuer(), startTokenIssuer()]);
  const credentials: (string | undefined)[] = [];
  const upstream = await startUpstream(({ headers }) => credentials.push(headers.authorization));
  const caller = { scope: 'refunds:write' };
  return {
    environment: {
      BILLING_API_URL: upstream,
      BILLING_API_TOKEN: 'a-bearer-token',
      TOKEN_URL: tokens.tokenUrl,
      TOKEN_SECRET: CLIENT_SECRET,
      MCP_ISSUER: issuer.url,
      MCP_AUDIENCE: AUDIENCE,
      INTROSPECTION_URL: `${issuer.url}/introspect`,
      INTROSPECTION_ID: CLIENT.id,
      INTROSPECTION_SECRET: CLIENT.secret,
      MCP_SCOPES: 'refunds:write',
      MCP_WRITES: 'enabled',
      MCP_HTTP_PORT: '0',
    },
    token: { jwt: await issuer.sign(caller), opaque: issuer.issue(caller) },
    refunds: () => credentials.length,
    credentials,
  };
}

/** Every invoice is paid, and refunds whatever it is asked to. */
async function startUpstream(onRefund: (request: IncomingMessage) => void): Promise<string> {
  const server = createServer(async (request, response) => {
    const answer = (data: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
    if (request.method === 'GET') return answer(INVOICE);
    const { amount, reason } = JSON.parse(Buffer.concat(await request.toArray()).toString());
    onRefund(request);
    return answer({ id: 'ref_1', invoice_id: INVOICE.id, amount_cents: amount, reason, status: 'pending' });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  // A server that listens on a TCP port has an address of this shape.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const INVOICE = {
  id: 'inv_4821abcd',
  customer_id: 'cus_1',
  status: 'paid',
  currency: 'EUR',
  total_cents: 5_000,
  refunded_cents: 0,
  lines: [],
};
