/**
 * MCP over Streamable HTTP, stateless: every request is answered by a protocol instance of its own, so that
 * nothing of one client can reach another.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';

import { ConfigurationError } from '../config/environment.ts';
import { carried } from './carried-identity.ts';
import { createGate } from './http-gate.ts';
import { prepareProtocol } from './protocol.ts';
import { whenToldToStop } from './shutdown.ts';
import type { HttpSettings, ServeHttp } from './transport.ts';

const MOST_SUBSCRIPTIONS = 16;

/** Rejects with `ConfigurationError` where the address cannot be listened on. */
export const serveHttp: ServeHttp = async (serving, settings) => {
  const onerror = (error: Error): void => serving.log.warn('http', {}, error);
  const protocolFor = prepareProtocol(serving);
  const options = { maxSubscriptions: MOST_SUBSCRIPTIONS, onerror };
  const protocol = createMcpHandler((request) => protocolFor(carried(request)), options);
  const gate = createGate(serving, settings, toNodeHandler(protocol, { onerror }));
  const server = await listen(gate.handle, settings);
  serving.log.info(`listening on ${addressOf(server)}/mcp`);

  await whenToldToStop();
  gate.close();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await serving.runtime.close();
  // Whatever is ready to run runs first, so that an answer that is known is also written.
  await nextTurn();
  await protocol.close();
  server.closeAllConnections();
  await closed;
};

/** Slow and silent clients are cut off, so that they cannot hold connections. Times are milliseconds. */
const CONNECTION_LIMITS = {
  /** From the connection, or from the first byte of a later request, to the end of its headers. */
  headersTimeout: 5_000,
  /** To the end of its body. How long an answer may go unread is in `http-answer.ts`. */
  requestTimeout: 15_000,
  /** Between an answer and the next request. */
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  /** Bytes. */
  maxHeaderSize: 16_384,
} as const;

/** Connections above it are closed at once. Silent ones take some 10 kB each, until they are cut off. */
const MOST_CONNECTIONS = 2_048;

function listen(handle: RequestListener, { host, port }: HttpSettings): Promise<Server> {
  const server = createServer(CONNECTION_LIMITS, handle);
  server.maxConnections = MOST_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const problem = `MCP_HTTP_HOST and MCP_HTTP_PORT (${host}, ${port}) cannot be listened on: ${error.message}. Set others.`;
      reject(new ConfigurationError([problem]));
    });
    server.listen(port, host, () => resolve(server));
  });
}

function addressOf(server: Server): string {
  // A server that listens on a port has this kind of address.
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
