/** A store server that a run may kill. */
import { once } from 'node:events';
import { createServer } from 'node:net';

import type { StorePlace } from './places.ts';

export interface OwnServer {
  readonly place: StorePlace;
  /** Ends it as a crash does; resolves when it is gone. */
  kill(): Promise<void>;
  /** Resolves when it answers. */
  start(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
