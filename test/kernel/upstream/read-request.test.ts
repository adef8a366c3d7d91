import type { Socket } from 'node:net';

import { expect, test } from 'vitest';

import { args, operationKey } from '../../../templates/kernel/expression.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import type { ReadAnswer } from '../../../templates/kernel/settings.ts';
import type { RequestDeclaration, UpstreamDeclaration } from '../../../templates/kernel/tool.ts';
import { readRequest } from '../../../templates/kernel/upstream/read-request.ts';
import { settingsFor } from './declared.ts';
import { findClosedPort, startRawUpstream, startUpstream } from './loopback.ts';

interface Reading {
  readonly request?: Partial<RequestDeclaration>;
  readonly args?: JsonObject;
  readonly upstream?: Partial<UpstreamDeclaration>;
  readonly signal?: AbortSignal;
}

function read(url: URL, { request, args: values = {}, upstream, signal }: Reading = {}): Promise<ReadAnswer> {
  return readRequest({
    request: { upstream: 'api', method: 'GET', path: ['things'], contentType: 'json', ...request },
    scope: { args: values, principal: { subject: 'ann' }, operationKey: 'key-1' },
    settings: settingsFor(url, upstream),
    signal: signal ?? new AbortController().signal,
  });
}

const UNAVAILABLE = {
  kind: 'failed',
  error: { code: 'UPSTREAM_UNAVAILABLE', category: 'unavailable', executed: 'no', retryable: true },
};

test('a read is made from the values of the call, with its credential, and answers with what came', async () => {
  const upstream = await startUpstream({ status: 200, body: { data: [1] }, headers: { etag: '"7"' } });
  const request = { path: ['refunds', args('/id')], query: { key: operationKey } };
  const answer = await read(upstream.url, { request, args: { id: 'a/b' } });
  expect(answer).toMatchObject({ kind: 'answered', status: 200, body: { data: [1] } });
  expect(answer.kind === 'answered' && answer.headers.get('etag')).toBe('"7"');
  expect(upstream.received).toMatchObject([
    { method: 'GET', url: '/refunds/a%2Fb?key=key-1', headers: { authorization: 'Bearer secret' } },
  ]);
});

test('HEAD reads headers, and no body', async () => {
  const upstream = await startUpstream({ status: 200, headers: { etag: '"7"' } });
  const answer = await read(upstream.url, { request: { method: 'HEAD' } });
  expect(answer).toMatchObject({ kind: 'answered', status: 200, body: undefined });
  expect(upstream.received).toMatchObject([{ method: 'HEAD' }]);
});

for (const status of [404, 410, 422, 401, 429, 301]) {
  test(`status ${status} is an answer, asked for once`, async () => {
    const target = await startUpstream({ status: 200 });
    const upstream = await startUpstream({ status, body: { code: 'x' }, headers: { location: target.url.href } });
    const answer = await read(upstream.url, { upstream: { attempts: 3 } });
    expect(answer).toMatchObject({ kind: 'answered', status, body: { code: 'x' } });
    expect(upstream.received).toHaveLength(1);
    expect(target.received).toHaveLength(0);
  });
}

for (const status of [408, 500, 502, 503, 504]) {
  test(`status ${status} is asked for again, and an answer if it stays`, async () => {
    const passing = await startUpstream({ status }, { status: 200, body: 1 });
    expect(await read(passing.url, { upstream: { attempts: 2 } })).toMatchObject({ status: 200, body: 1 });
    const staying = await startUpstream({ status });
    expect(await read(staying.url, { upstream: { attempts: 2 } })).toMatchObject({ kind: 'answered', status });
    expect(staying.received).toHaveLength(2);
  });
}

const json = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

for (const [title, behave] of [
  ['a reset', (socket: Socket) => void socket.resetAndDestroy()],
  ['a connection that is cut', (socket: Socket) => void socket.destroy()],
  ['half an answer', (socket: Socket) => void socket.end(`${json}Content-Length: 100\r\n\r\n{"a":`)],
  ['broken JSON', (socket: Socket) => void socket.end(`${json}Connection: close\r\n\r\n{"a":`)],
  ['something that is not HTTP', (socket: Socket) => void socket.end('hello\r\n\r\n')],
] as const) {
  test(`${title} is no answer, and the read is made again`, async () => {
    const upstream = await startRawUpstream(behave);
    expect(await read(upstream.url, { upstream: { attempts: 2 } })).toMatchObject(UNAVAILABLE);
    expect(upstream.requests()).toBe(2);
  });
}

test('an answer that never comes, or that is too large, is none', async () => {
  const silent = await startRawUpstream(() => {});
  expect(await read(silent.url, { upstream: { timeoutMs: 100 } })).toMatchObject(UNAVAILABLE);
  const large = await startUpstream({ status: 200, body: 'x'.repeat(20_000) });
  expect(await read(large.url)).toMatchObject(UNAVAILABLE);
});

test('an upstream that cannot be reached gives no answer, and neither does a read that is given up', async () => {
  const nobody = new URL(`http://127.0.0.1:${await findClosedPort()}`);
  expect(await read(nobody, { upstream: { attempts: 2 } })).toMatchObject(UNAVAILABLE);
  const upstream = await startUpstream({ status: 200 });
  expect(await read(upstream.url, { signal: AbortSignal.abort() })).toMatchObject(UNAVAILABLE);
  expect(upstream.received).toHaveLength(0);
});

test('a value that cannot be encoded fails, naming the argument, and nothing is sent', async () => {
  const upstream = await startUpstream({ status: 200 });
  const answer = await read(upstream.url, { request: { path: [args('/id')] }, args: { id: '..' } });
  expect(answer).toMatchObject({ kind: 'failed', error: { code: 'INVALID_ARGUMENTS', field: '/id' } });
  expect(upstream.received).toHaveLength(0);
});

test('what is declared as a read cannot write', async () => {
  const upstream = await startUpstream({ status: 200 });
  await expect(read(upstream.url, { request: { method: 'POST' } })).rejects.toThrow('POST is no read');
  expect(upstream.received).toHaveLength(0);
});
