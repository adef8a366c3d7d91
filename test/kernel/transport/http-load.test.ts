import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { expect, onTestFinished, test } from 'vitest';

import { KnownSecrets } from '../../../templates/kernel/config/known-secrets.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import { createLogger } from '../../../templates/kernel/log.ts';
import { carried } from '../../../templates/kernel/transport/carried-identity.ts';
import { createGate } from '../../../templates/kernel/transport/http-gate.ts';
import { prepareProtocol } from '../../../templates/kernel/transport/protocol.ts';
import { ada, counting, run, serverOf, SETTINGS, toolOf } from '../pipeline/harness.ts';
import { startServedHttp } from './process.ts';

const MOST_CALLS_AT_ONCE = 64;

const callOf = (name: string, args: JsonObject) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
});

function rawCall(url: URL, name: string, args: JsonObject): string {
  const { headers, body } = callOf(name, args);
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`);
  return `POST /mcp HTTP/1.1\r\nhost: ${url.host}\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n${body}`;
}

async function sendAndLeave(url: URL, text: string): Promise<void> {
  const socket = connectSocket(Number(url.port), url.hostname);
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  await sleep(50);
  socket.destroy();
}

test('a client that leaves with requests in line takes no place from others', async () => {
  const { url } = await startServedHttp();
  for (let round = 0; round < 2; round += 1) await sendAndLeave(url, rawCall(url, 'slow', { text: 'a' }).repeat(60));
  await sleep(500);
  expect((await fetch(url, callOf('echo', { text: 'b' }))).status).toBe(200);
});

/** A server in this process, whose one tool refunds once `finish` is called. */
async function serveHeld() {
  const held = Promise.withResolvers<object>();
  const { effects, handler } = counting(() => held.promise);
  const tool = toolOf(handler);
  const { runtime } = run({ tools: [tool] });
  const protocolFor = prepareProtocol({ server: serverOf([tool]), runtime });
  const protocol = createMcpHandler((request) => protocolFor(carried(request)));
  const hosts = ['127.0.0.1'];
  const settings = { host: '127.0.0.1', port: 0, allowedHosts: hosts, allowedOrigins: hosts };
  const serving = {
    runtime,
    caller: ada,
    limits: SETTINGS.limits,
    log: createLogger(new KnownSecrets(), () => {}),
    checkReady: async () => {},
  };
  const server = createServer(createGate(serving, settings, toNodeHandler(protocol)).handle).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  // A server that listens on a port has this kind of address.
  const { port } = server.address() as AddressInfo;
  return { effects, finish: () => held.resolve({ ok: true }), url: new URL(`http://127.0.0.1:${port}/mcp`) };
}

const refunds = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ invoice_id: `inv_${from + index}`, amount: 1 }));

test('calls above the limit are told to come back, and the rest are answered', async () => {
  const { url, finish } = await serveHeld();
  const refused: Response[] = [];
  const answers = refunds(100).map(async (args) => {
    const answer = await fetch(url, callOf('issue_refund', args));
    if (answer.status === 503) refused.push(answer);
    return answer.status;
  });
  await expect.poll(() => refused.length, { timeout: 10_000 }).toBe(100 - MOST_CALLS_AT_ONCE);
  expect(refused[0]?.headers.get('retry-after')).toBe('1');
  finish();
  const statuses = await Promise.all(answers);
  expect(statuses.filter((status) => status === 200)).toHaveLength(MOST_CALLS_AT_ONCE);
  expect((await fetch(url, callOf('issue_refund', { invoice_id: 'inv_101', amount: 1 }))).status).toBe(200);
});

test('writes whose clients left still count while they are executed', async () => {
  const { url, effects, finish } = await serveHeld();
  for (let round = 0; round < 10; round += 1) {
    const calls = refunds(20, round * 20).map((args) => rawCall(url, 'issue_refund', args));
    await Promise.all(calls.map((call) => sendAndLeave(url, call)));
  }
  finish();
  expect(effects.length).toBeGreaterThan(0);
  // As many again may be on their way from the socket to the tool.
  expect(effects.length).toBeLessThanOrEqual(2 * MOST_CALLS_AT_ONCE);
});

test('a client that reads no log ends nothing', async () => {
  const { url, served } = await startServedHttp();
  served.child.stderr?.destroy();
  for (const text of ['a', 'b', 'c']) expect((await fetch(url, callOf('echo', { text }))).status).toBe(200);
});

test('a body that is no UTF-8 is refused, not changed', async () => {
  const { url } = await startServedHttp();
  const call = callOf('echo', { text: 'caf\u00e9' });
  const body = Buffer.from(call.body, 'latin1');
  expect((await fetch(url, { ...call, body })).status).toBe(400);
});
