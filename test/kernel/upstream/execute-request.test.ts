import type { Socket } from 'node:net';

import { expect, test } from 'vitest';

import { args, responseBody, responseHeader, text } from '../../../templates/kernel/expression.ts';
import type { DeclaredError } from '../../../templates/kernel/tool.ts';
import { declareTool, errorOf, execute, SET_AGAIN } from './declared.ts';
import { findClosedPort, startRawUpstream, startUpstream } from './loopback.ts';

const read = declareTool({});
const write = declareTool({ mutability: 'additive', request: { method: 'POST', body: { a: args('/a') } } });

const reset = (socket: Socket): void => void socket.resetAndDestroy();
const close = (socket: Socket): void => void socket.destroy();
const truncate = (socket: Socket): void =>
  void socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"a":');
const cutJson = (socket: Socket): void =>
  void socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"a":');

for (const [title, behave] of [
  ['a reset', reset],
  ['a connection closed without an answer', close],
  ['a truncated answer', truncate],
  ['an answer of broken JSON', cutJson],
  ['something that is not HTTP', (socket: Socket) => void socket.end('hello\r\n\r\n')],
] as const) {
  test(`${title} after the request was sent leaves a write unknown, sent once`, async () => {
    const upstream = await startRawUpstream(behave);
    const execution = await execute(upstream.url, { tool: write, args: { a: 1 }, upstream: { attempts: 3 } });
    expect(execution).toMatchObject({ kind: 'ambiguous', error: { code: 'OUTCOME_UNKNOWN', executed: 'unknown' } });
    expect(upstream.requests()).toBe(1);
  });

  test(`${title} makes a read try again`, async () => {
    const upstream = await startRawUpstream(behave);
    const execution = await execute(upstream.url, { tool: read, upstream: { attempts: 2 } });
    expect(execution).toMatchObject({ kind: 'rejected', error: { code: 'UPSTREAM_UNAVAILABLE', executed: 'no' } });
    expect(upstream.requests()).toBe(2);
  });
}

test('a write whose answer never comes is unknown', { timeout: 5_000 }, async () => {
  const upstream = await startRawUpstream(() => {});
  const execution = await execute(upstream.url, { tool: write, upstream: { attempts: 3, timeoutMs: 100 } });
  expect(execution).toMatchObject({ kind: 'ambiguous', error: { code: 'OUTCOME_UNKNOWN' } });
  expect(upstream.requests()).toBe(1);
});

test('a write whose answer stops half-way is unknown', { timeout: 5_000 }, async () => {
  const upstream = await startRawUpstream((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'));
  const execution = await execute(upstream.url, { tool: write, upstream: { timeoutMs: 100 } });
  expect(execution).toMatchObject({ kind: 'ambiguous', error: { code: 'OUTCOME_UNKNOWN' } });
});

test('a refused connection sent nothing, and is tried again for a write too', async () => {
  const url = new URL(`http://127.0.0.1:${await findClosedPort()}`);
  expect(await execute(url, { tool: write, upstream: { attempts: 2 } })).toMatchObject({
    kind: 'not-sent',
    error: { code: 'UPSTREAM_UNAVAILABLE', category: 'unavailable', executed: 'no', retryable: true },
  });
});

test('a name that does not resolve sent nothing', async () => {
  const execution = await execute(new URL('http://does-not-exist.invalid'), { tool: write });
  expect(execution).toMatchObject({ kind: 'not-sent', error: { code: 'UPSTREAM_UNAVAILABLE' } });
});

test('a TLS handshake that fails sent nothing', async () => {
  const upstream = await startRawUpstream(close);
  const secure = new URL(upstream.url.href.replace('http:', 'https:'));
  expect(await execute(secure, { tool: write })).toMatchObject({ kind: 'not-sent' });
});

test('a call that was cancelled before it began sent nothing', async () => {
  const upstream = await startUpstream({ status: 200 });
  expect(await execute(upstream.url, { tool: write, signal: AbortSignal.abort() })).toMatchObject({ kind: 'not-sent' });
  expect(upstream.received).toHaveLength(0);
});

test('the result is the part of the answer that the manifest names', async () => {
  const tool = declareTool({ request: { result: responseBody('/data/0') } });
  const upstream = await startUpstream({ status: 200, body: { data: [{ id: 'a' }] } });
  expect(await execute(upstream.url, { tool })).toEqual({ kind: 'succeeded', result: { id: 'a' } });
});

test('an answer without a body has the result null', async () => {
  const upstream = await startUpstream({ status: 204 });
  expect(await execute(upstream.url, { tool: write })).toEqual({ kind: 'succeeded', result: null });
});

test('an answer of plain text is a result of text, whatever it spells', async () => {
  const upstream = await startUpstream({ status: 200, body: '123', headers: { 'content-type': 'text/plain' } });
  expect(await execute(upstream.url)).toEqual({ kind: 'succeeded', result: '123' });
});

test('an answer above the cap fails a read, and ends a write that happened for good', async () => {
  const upstream = await startUpstream({ status: 200, body: { text: 'x'.repeat(20_000) } });
  expect(await execute(upstream.url)).toMatchObject({
    kind: 'rejected',
    terminal: false,
    error: { code: 'UPSTREAM_RESPONSE_TOO_LARGE', executed: 'no' },
  });
  expect(await execute(upstream.url, { tool: write })).toMatchObject({
    kind: 'rejected',
    terminal: true,
    error: { code: 'UPSTREAM_RESPONSE_TOO_LARGE', executed: 'yes' },
  });
});

test('an answer above the cap is not read to its end', async () => {
  let written = 0;
  const upstream = await startRawUpstream((socket) => {
    const chunk = Buffer.alloc(64_000, 'x');
    const pour = (): void => {
      while (!socket.destroyed && written < 200_000_000) {
        written += chunk.byteLength;
        if (!socket.write(chunk)) return void socket.once('drain', pour);
      }
    };
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n');
    pour();
  });
  expect(errorOf(await execute(upstream.url)).code).toBe('UPSTREAM_RESPONSE_TOO_LARGE');
  expect(written).toBeLessThan(100_000_000);
});

test('the credential reaches the upstream, and no write reuses a connection, not even one that sets a value', async () => {
  const upstream = await startUpstream({ status: 200 });
  const setAgain = declareTool({ mutability: 'additive', idempotency: SET_AGAIN, request: { method: 'PUT' } });
  for (const tool of [write, setAgain, read]) await execute(upstream.url, { tool });
  expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer secret'));
  expect(upstream.received.map(({ headers }) => headers.connection)).toEqual(['close', 'close', 'keep-alive']);
});

const declared = (error: Partial<DeclaredError>): DeclaredError => ({
  when: { status: [422] },
  code: 'DECLARED',
  category: 'failed_precondition',
  message: text('No.'),
  ...error,
});

test('the first declared error whose status and body match wins', async () => {
  const errors = [
    declared({ when: { status: [404] }, code: 'OTHER_STATUS' }),
    declared({ when: { status: [422], body: 'isLimit' }, code: 'LIMIT' }),
    declared({ code: 'ANY_422' }),
  ];
  const tool = declareTool({ mutability: 'irreversible', errors });
  const conditions = { isLimit: (body: unknown) => JSON.stringify(body) === '{"code":"limit"}' };
  const limited = await startUpstream({ status: 422, body: { code: 'limit' } });
  expect(errorOf(await execute(limited.url, { tool, conditions })).code).toBe('LIMIT');
  const other = await startUpstream({ status: 422, body: { code: 'other' } });
  expect(errorOf(await execute(other.url, { tool, conditions })).code).toBe('ANY_422');
});

test('a condition on the body is never met by an answer that is not JSON', async () => {
  const tool = declareTool({ errors: [declared({ when: { status: [422], body: 'anything' } })] });
  const upstream = await startUpstream({ status: 422, body: '<html>', headers: { 'content-type': 'text/html' } });
  const execution = await execute(upstream.url, { tool, conditions: { anything: () => true } });
  expect(errorOf(execution).code).toBe('UPSTREAM_REJECTED_ARGUMENTS');
});

test('a declared message takes values of the call and of the answer, and no character that disguises text', async () => {
  const message = text('Invoice\n', args('/id'), ' is ', responseBody('/state'), '.');
  const tool = declareTool({ errors: [declared({ message })] });
  const upstream = await startUpstream({ status: 422, body: { state: 'pa\u202eid\u0007' } });
  expect(errorOf(await execute(upstream.url, { tool, args: { id: 'inv_1' } })).message).toBe(
    'Invoice\ninv_1 is pa id .',
  );
});

test('a declared error says when to come back and what to do', async () => {
  const tool = declareTool({
    errors: [
      declared({
        when: { status: [429] },
        category: 'rate_limited',
        retryAfter: responseHeader('x-wait'),
        suggestedAction: 'Wait.',
      }),
    ],
  });
  const upstream = await startUpstream({ status: 429, headers: { 'x-wait': '3' } });
  expect(errorOf(await execute(upstream.url, { tool }))).toMatchObject({
    code: 'DECLARED',
    retry_after_ms: 3_000,
    retry: 'same_call',
    suggested_action: 'Wait.',
  });
});

test('a declared error on an ambiguous status keeps a write unknown unless it says that nothing happened', async () => {
  const upstream = await startUpstream({ status: 503 });
  const errorsOf = (error: Partial<DeclaredError>) => [
    declared({ when: { status: [503] }, category: 'unavailable', ...error }),
  ];
  const silent = declareTool({ mutability: 'irreversible', errors: errorsOf({}) });
  expect(await execute(upstream.url, { tool: silent })).toMatchObject({
    kind: 'ambiguous',
    error: { code: 'DECLARED', category: 'unavailable', executed: 'unknown', retryable: false },
  });
  const refusing = declareTool({ mutability: 'irreversible', errors: errorsOf({ executed: 'no' }) });
  expect(await execute(upstream.url, { tool: refusing })).toMatchObject({
    kind: 'rejected',
    terminal: false,
    error: { code: 'DECLARED', category: 'unavailable', executed: 'no', retryable: true },
  });
});

test('a refusal is final for its key where the manifest says so, and always where the effect happened', async () => {
  const upstream = await startUpstream({ status: 422 });
  const terminal = declareTool({ mutability: 'irreversible', errors: [declared({ terminal: true })] });
  expect(await execute(upstream.url, { tool: terminal })).toMatchObject({ kind: 'rejected', terminal: true });
  const executed = declareTool({ mutability: 'irreversible', errors: [declared({ executed: 'yes' })] });
  expect(await execute(upstream.url, { tool: executed })).toMatchObject({
    kind: 'rejected',
    terminal: true,
    error: { executed: 'yes' },
  });
});

test('a credential that cannot be read any more sends nothing and is not quoted', async () => {
  const upstream = await startUpstream({ status: 200 });
  const { prepareRequest } = await import('../../../templates/kernel/upstream/prepare-request.ts');
  const { settingsFor } = await import('./declared.ts');
  const settings = settingsFor(upstream.url);
  const [api] = settings.upstreams.values();
  if (api === undefined) throw new Error('no upstream');
  const authorize = (): void => {
    throw new Error('canary');
  };
  const prepared = await prepareRequest({
    tool: write,
    scope: { args: {}, principal: { subject: 'ann' } },
    settings: { ...settings, upstreams: new Map([['api', { ...api, authorize }]]) },
    conditions: undefined,
    signal: new AbortController().signal,
  });
  expect(prepared).toMatchObject({
    kind: 'refused',
    execution: { kind: 'not-sent', error: { category: 'internal', executed: 'no' } },
  });
  expect(JSON.stringify(prepared)).not.toContain('canary');
  expect(upstream.received).toHaveLength(0);
});
