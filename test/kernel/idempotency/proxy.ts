/** A way to a server that the test can cut, or on which it can change what the server says. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface Proxy {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** Ends all connections that there are. */
  cut(): void;
  close(): Promise<void>;
}

export async function proxyTo(url: string, change: (said: string) => string = (said) => said): Promise<Proxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    const changed = new Transform({
      transform: (chunk: Buffer, _, done) => done(null, Buffer.from(change(chunk.toString('latin1')), 'latin1')),
    });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => [near, far].forEach((either) => either.destroy()));
    }
    near.pipe(far).pipe(changed).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const through = new URL(url);
  through.port = String(typeof address === 'object' ? address?.port : '');
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: through.href,
    cut,
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
