import type { Socket } from 'node:net';

import { expect, test } from 'vitest';

import { UpstreamUnavailable, type UpstreamRequest } from '../../../templates/kernel/handler.ts';
import type { UpstreamDeclaration } from '../../../templates/kernel/tool.ts';
import { connectUpstream } from '../../../templates/kernel/upstream/client.ts';
import { settingsFor } from './declared.ts';
import { startRawUpstream, startUpstream } from './loopback.ts';

const GET: UpstreamRequest = { method: 'GET', path: ['things'] };
const POST: UpstreamRequest = { method: 'POST', path: ['things'], body: { a: 1 } };

function client(url: URL, upstream: Partial<UpstreamDeclaration> = {}) {
  const { signal } = new AbortController();
  return connectUpstream(settingsFor(url, { attempts: 2, ...upstream }), 'api', { signal, mayStillSend: () => true });
}

async function failureOf(answer: Promise<unknown>): Promise<UpstreamUnavailable> {
  const error: unknown = await answer.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  if (error instanceof UpstreamUnavailable) return error;
  throw error;
}

test('every status is an answer; a read that gets 503 is made again first, a write is not', async () => {
  const upstream = await startUpstream({ status: 503, body: { busy: true } });
  expect(await client(upstream.url).request(POST)).toMatchObject({ status: 503, body: { busy: true } });
  expect(upstream.received).toHaveLength(1);
  expect(await client(upstream.url).request(GET)).toMatchObject({ status: 503 });
  expect(upstream.received).toHaveLength(3);
});

for (const [title, behave] of [
  ['lost', (socket: Socket) => void socket.destroy()],
  [
    'answered by half',
    (socket: Socket) =>
      void socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{'),
  ],
] as const) {
  test(`a write that is ${title} was sent, once; a read is made again`, async () => {
    const upstream = await startRawUpstream(behave);
    expect((await failureOf(client(upstream.url).request(POST))).sent).toBe(true);
    expect(upstream.requests()).toBe(1);
    expect((await failureOf(client(upstream.url).request(GET))).sent).toBe(true);
    expect(upstream.requests()).toBe(3);
  });
}

test('an answer above the cap is none, though the request was sent', async () => {
  const upstream = await startUpstream({ status: 200, body: 'x'.repeat(20_000) });
  expect((await failureOf(client(upstream.url).request(POST))).sent).toBe(true);
});

test('a write whose TLS connection fails is tried again, and was not sent', async () => {
  const upstream = await startRawUpstream((socket) => socket.destroy());
  const secure = new URL(upstream.url.href.replace('http:', 'https:'));
  expect((await failureOf(client(secure).request(POST))).sent).toBe(false);
  expect(upstream.requests()).toBe(2);
});

test('a write has a connection of its own, reads share theirs', async () => {
  const upstream = await startUpstream({ status: 200 });
  for (const request of [POST, GET]) await client(upstream.url).request(request);
  expect(upstream.received.map(({ headers }) => headers.connection)).toEqual(['close', 'keep-alive']);
});

test('a handler sets headers of its own, but none that belong to the connection or the credential', async () => {
  const upstream = await startUpstream({ status: 200 });
  await client(upstream.url).request({ ...GET, headers: { 'X-Ref': 'r-1', Accept: 'text/plain' } });
  expect(upstream.received[0]?.headers).toMatchObject({
    'x-ref': 'r-1',
    accept: 'text/plain',
    'user-agent': 'hardened-mcp',
    authorization: 'Bearer secret',
  });
  const forged = client(upstream.url).request({ ...GET, headers: { Authorization: 'Bearer other' } });
  await expect(forged).rejects.toThrow('The header Authorization');
  expect(upstream.received).toHaveLength(1);
});

test('a credential that cannot be read sends nothing and is not quoted', async () => {
  const upstream = await startUpstream({ status: 200 });
  const settings = settingsFor(upstream.url);
  const [api] = settings.upstreams.values();
  if (api === undefined) throw new Error('no upstream');
  const authorize = (): void => {
    throw new Error('canary');
  };
  const options = { signal: new AbortController().signal, mayStillSend: () => true };
  const unable = { ...settings, upstreams: new Map([['api', { ...api, authorize }]]) };
  const error = await failureOf(connectUpstream(unable, 'api', options).request(GET));
  expect(error.sent).toBe(false);
  expect(String(error)).not.toContain('canary');
  expect(upstream.received).toHaveLength(0);
});

test('there is no client of an upstream that the server does not have', () => {
  const options = { signal: new AbortController().signal, mayStillSend: () => true };
  expect(() => connectUpstream(settingsFor(new URL('http://127.0.0.1')), 'other', options)).toThrow('named other');
});
