/** Clients that are slow, silent or gone, on real sockets: they are cut off, and others are answered meanwhile. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { inEchoProject, withEchoOverHttp, type EchoServer } from './echo-server.ts';
import { openConnection } from './http-connection.ts';
import { echoCall, headersFor, type EchoArguments } from './messages.ts';

/** What the server answers at once, and more than that. */
const MOST_AT_ONCE = 64;
const MANY = 80;
const MB = 1_048_576;

function serve(work: (server: EchoServer & { readonly url: URL }) => Promise<void>): Promise<void> {
  return inEchoProject((directory) => withEchoOverHttp(directory, work));
}

async function open({ port, hostname }: URL): Promise<Socket> {
  const socket = connect(Number(port), hostname);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
  return socket;
}

const openMany = (url: URL, count: number): Promise<readonly Socket[]> =>
  Promise.all(Array.from({ length: count }, () => open(url)));

function requestOf(url: URL, args: EchoArguments): { readonly head: string; readonly body: string } {
  const body = JSON.stringify(echoCall(1, args, 'legacy'));
  const headers = { host: url.host, ...headersFor('legacy'), 'content-length': String(body.length) };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return { head: `POST /mcp HTTP/1.1\r\n${lines.join('')}\r\n`, body };
}

async function expectAnswer(url: URL, nonce: string): Promise<void> {
  const connection = openConnection(url, 'legacy');
  onTestFinished(connection.close);
  expect(await connection.echo(1, { nonce })).toEqual({ id: 1, nonce });
}

/** Everything that is sent until the server closes the connection. */
async function untilClosed(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  // `once` of events rejects for a reset, which is one way to be cut off.
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

test('clients that send their bodies slowly keep no place from others, and are cut off', async () => {
  await serve(async ({ url }) => {
    const { head, body } = requestOf(url, { nonce: 'slow' });
    const slow = await openMany(url, MANY);
    for (const socket of slow) socket.write(head + body.slice(0, 20));
    await expectAnswer(url, 'meanwhile');
    const endings = await Promise.all(slow.map(untilClosed));
    for (const ending of endings) expect(ending).toContain('408 Request Timeout');
  });
}, 90_000);

test('clients that send their headers slowly keep no place from others, and are cut off', async () => {
  await serve(async ({ url }) => {
    const slow = await openMany(url, MANY);
    for (const socket of slow) socket.write('POST /mcp HTTP/1.1\r\nhost: localh');
    await expectAnswer(url, 'meanwhile');
    const endings = await Promise.all(slow.map(untilClosed));
    for (const ending of endings) expect(ending).toContain('408 Request Timeout');
  });
}, 90_000);

test('clients that do not read their answers are cut off, and others have their places', async () => {
  await serve(async ({ url, ending }) => {
    const { head, body } = requestOf(url, { nonce: 'unread', size: 2 * MB });
    const deaf = await openMany(url, MOST_AT_ONCE);
    for (const socket of deaf) socket.write(head + body);
    // It is there, and nobody takes it. The first answer may fit into a connection's buffers, but never two.
    await Promise.all(deaf.map((socket) => once(socket, 'readable')));
    for (const socket of deaf) socket.write(head + body);
    await expect.poll(() => statusOf(url), { timeout: 60_000, interval: 500 }).toBe(200);
    const received = await Promise.all(deaf.map(untilClosed));
    const cutOff = received.filter((text) => text.length < 8 * MB);
    expect(cutOff.length).toBeGreaterThan(0);
    expect(ending()).toBeUndefined();
  });
}, 180_000);

async function statusOf(url: URL): Promise<number> {
  const { body } = requestOf(url, { nonce: 'other' });
  const answer = await fetch(url, { method: 'POST', headers: headersFor('legacy'), body });
  await answer.arrayBuffer();
  return answer.status;
}

test('a client that reads slowly gets its whole answer', async () => {
  await serve(async ({ url }) => {
    const { head, body } = requestOf(url, { nonce: 'patient', size: 3 * MB });
    const socket = await open(url);
    socket.write(head.replace('host:', 'connection: close\r\nhost:') + body);
    let received = 0;
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      socket.pause();
      setTimeout(() => socket.resume(), 5);
    });
    await once(socket, 'close');
    // The text and the structured content.
    expect(received).toBeGreaterThan(6 * MB);
  });
}, 60_000);

test('1,000 idle connections keep none from being answered, and are closed', async () => {
  await serve(async ({ url, peakMemory }) => {
    const idle = await openMany(url, 1_000);
    await expectAnswer(url, 'meanwhile');
    expect(await peakMemory()).toBeLessThan(256 * MB);
    await Promise.all(idle.map(untilClosed));
    await expectAnswer(url, 'afterwards');
  });
}, 90_000);

test('clients that vanish with their calls under way leave nothing behind', async () => {
  await serve(async ({ url, ending, said }) => {
    const { head, body } = requestOf(url, { nonce: 'gone', wait_ms: 500 });
    for (const leave of ['end', 'destroy', 'resetAndDestroy'] as const) {
      const sockets = await openMany(url, 40);
      await Promise.all(
        sockets.map((socket) => new Promise((resolve) => socket.write(head + body, () => resolve(socket[leave]())))),
      );
      await Promise.all(sockets.map(untilClosed));
    }
    await expect.poll(() => statusOf(url)).toBe(200);
    expect(ending()).toBeUndefined();
    expect(said()).not.toContain('"level":"error"');
  });
}, 90_000);
