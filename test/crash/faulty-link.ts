/** A link to the ledger that breaks the first exchange about an entry as the entry's name says, and no other. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

import { faultOf, type Fault } from './faults.ts';

/** Less than the server waits. */
const DELAY_MS = 150;

export interface FaultyLink {
  readonly url: string;
  /** Bytes of the longest request and of the longest reply so far. */
  lengths(): { readonly request: number; readonly reply: number };
  close(): Promise<void>;
}

/** `url`: where the ledger is. */
export async function startFaultyLink(url: string): Promise<FaultyLink> {
  const { hostname, port } = new URL(url);
  const seen = new Set<string>();
  const sockets = new Set<Socket>();
  const longest = { request: 0, reply: 0 };

  /** The request is complete before anything of it goes on: how much of it does is for the fault to say. */
  async function exchange(near: Socket): Promise<void> {
    const request = await readRequest(near);
    if (request === undefined) return;
    longest.request = Math.max(longest.request, request.byteLength);
    const name = /^\S+ \/entries\/(\S+) /.exec(request.toString('latin1'))?.[1] ?? '';
    const fault = seen.has(name) ? undefined : faultOf(name);
    seen.add(name);
    const far = connect(Number(port), hostname);
    own(far);
    // The server never closes half of a connection: when it ends, it has given up.
    near.on('close', () => far.destroy()).on('end', () => near.destroy());
    near.resume();
    await once(far, 'connect');
    if (fault?.side === 'request') return breakRequest(fault, { request, near, far });
    far.write(request);
    const reply = await readReply(far);
    longest.reply = Math.max(longest.reply, reply.byteLength);
    breakReply(fault, { reply, near, far });
  }

  function own(socket: Socket): void {
    sockets.add(socket);
    // What breaks is meant to.
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  }

  const server = createServer((near) => {
    own(near);
    exchange(near).catch(() => near.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    lengths: () => ({ ...longest }),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

interface Ends {
  readonly near: Socket;
  readonly far: Socket;
}

function breakRequest({ kind, position }: Fault, { request, near, far }: Ends & { readonly request: Buffer }): void {
  const part = request.subarray(0, position);
  if (kind === 'stall') {
    far.write(part);
  } else if (kind === 'reset') {
    far.end(part);
    near.resetAndDestroy();
  } else {
    far.end(part);
    far.pipe(near);
  }
}

function breakReply(fault: Fault | undefined, { reply, near, far }: Ends & { readonly reply: Buffer }): void {
  const part = reply.subarray(0, fault?.position);
  switch (fault?.kind) {
    case undefined:
    case 'end':
      near.end(part);
      break;
    case 'twice':
      near.end(Buffer.concat([reply, reply]));
      break;
    case 'reset':
      near.write(part, () => near.resetAndDestroy());
      break;
    case 'stall':
      near.write(part);
      break;
    case 'delay':
      near.write(part);
      setTimeout(() => near.end(reply.subarray(part.byteLength)), DELAY_MS);
      break;
  }
  far.destroy();
}

/** `undefined` where there is none. */
async function readRequest(near: Socket): Promise<Buffer | undefined> {
  let read = Buffer.alloc(0);
  for await (const chunk of near.iterator({ destroyOnReturn: false })) {
    read = Buffer.concat([read, chunk]);
    const head = read.indexOf('\r\n\r\n');
    const length = Number(/content-length: (\d+)/i.exec(read.toString('latin1'))?.[1] ?? 0);
    if (head >= 0 && read.byteLength >= head + 4 + length) return read;
  }
  return undefined;
}

async function readReply(far: Socket): Promise<Buffer> {
  return Buffer.concat(await far.toArray());
}
