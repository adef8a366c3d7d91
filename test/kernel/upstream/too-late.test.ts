import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import { UpstreamUnavailable } from '../../../templates/kernel/handler.ts';
import { connectUpstream } from '../../../templates/kernel/upstream/client.ts';
import { declareTool, execute, KEYED, SET_AGAIN, settingsFor } from './declared.ts';
import { findClosedPort, startRawUpstream, startSilentUpstream, startUpstream } from './loopback.ts';

const request = { method: 'POST', body: { a: 1 } } as const;
const write = declareTool({ mutability: 'irreversible', request });
const keyed = declareTool({ mutability: 'irreversible', idempotency: KEYED, request });
const setAgain = declareTool({ mutability: 'additive', idempotency: SET_AGAIN, request });

for (const [title, tool] of [
  ['a write', write],
  ['a write with a key', keyed],
  ['a write that sets a value', setAgain],
] as const) {
  test(`not a byte of ${title} leaves once it may not, and it is not tried again`, async () => {
    let connections = 0;
    const upstream = await startSilentUpstream(() => (connections += 1));
    const execution = await execute(upstream.url, { tool, mayStillSend: () => false, upstream: { attempts: 3 } });
    expect(execution).toMatchObject({
      kind: 'not-sent',
      error: { code: 'TOO_LATE_TO_SEND', category: 'unavailable', executed: 'no', retryable: true },
    });
    expect(await upstream.bytes).toBe(0);
    expect(connections).toBe(1);
  });
}

test('whether a write may leave is asked when its connection stands, not before', async () => {
  const asked: string[] = [];
  const mayStillSend = (): boolean => asked.push('asked') > 0;
  const nobody = new URL(`http://127.0.0.1:${await findClosedPort()}`);
  await execute(nobody, { tool: write, mayStillSend, upstream: { attempts: 3 } });
  expect(asked).toEqual([]);
  const upstream = await startUpstream({ status: 200 });
  await execute(upstream.url, { tool: write, mayStillSend });
  expect(asked).toEqual(['asked']);
});

test('every further attempt is asked about too, and the first stays in doubt', async () => {
  const upstream = await startRawUpstream((socket) => socket.destroy());
  const answers = [true, true, false];
  const execution = await execute(upstream.url, {
    tool: keyed,
    mayStillSend: () => answers.shift() ?? true,
    upstream: { attempts: 5 },
  });
  expect(execution).toMatchObject({ kind: 'ambiguous', error: { code: 'OUTCOME_UNKNOWN', executed: 'unknown' } });
  expect(upstream.requests()).toBe(2);
  expect(answers).toEqual([]);
});

test('a large body arrives whole, and piece by piece, each of them asked about', async () => {
  const value = 'é'.repeat(50_000);
  const tool = declareTool({
    mutability: 'irreversible',
    request: { method: 'POST', body: { value: args('/value') } },
  });
  const upstream = await startUpstream({ status: 200, body: 1 });
  let asked = 0;
  const execution = await execute(upstream.url, { tool, args: { value }, mayStillSend: () => (asked += 1) > 0 });
  expect(execution).toEqual({ kind: 'succeeded', result: 1 });
  expect(upstream.received[0]?.headers['content-length']).toBe(String(Buffer.byteLength(JSON.stringify({ value }))));
  expect(JSON.parse(upstream.received[0]?.body ?? '')).toEqual({ value });
  expect(asked).toBeGreaterThan(5);
});

test('the rest of a large body does not leave once it may not, and what became of it is unknown', async () => {
  const value = 'x'.repeat(100_000);
  const tool = declareTool({
    mutability: 'irreversible',
    request: { method: 'POST', body: { value: args('/value') } },
  });
  const upstream = await startSilentUpstream();
  const answers = [true, true, true, false];
  const mayStillSend = (): boolean => answers.shift() ?? true;
  const execution = await execute(upstream.url, { tool, args: { value }, mayStillSend, upstream: { attempts: 3 } });
  expect(execution).toMatchObject({ kind: 'ambiguous', error: { code: 'OUTCOME_UNKNOWN', executed: 'unknown' } });
  const bytes = await upstream.bytes;
  expect(bytes).toBeGreaterThan(16_384);
  expect(bytes).toBeLessThan(65_536);
});

test('a read leaves at any time: it changes nothing', async () => {
  const upstream = await startUpstream({ status: 200, body: 1 });
  expect(await execute(upstream.url, { mayStillSend: () => false })).toEqual({ kind: 'succeeded', result: 1 });
});

test('a handler’s write does not leave once its claim is over, while its reads do', async () => {
  const upstream = await startUpstream({ status: 200, body: 1 });
  const { signal } = new AbortController();
  const options = { signal, mayStillSend: () => false };
  const client = connectUpstream(settingsFor(upstream.url, { attempts: 3 }), 'api', options);
  const refusal: unknown = await client.request({ method: 'POST', path: ['things'], body: 1 }).catch((error) => error);
  expect(refusal).toBeInstanceOf(UpstreamUnavailable);
  expect(refusal).toMatchObject({ sent: false });
  expect(await client.request({ method: 'GET', path: ['things'] })).toMatchObject({ status: 200, body: 1 });
  expect(upstream.received.map(({ method }) => method)).toEqual(['GET']);
});

test('a handler’s write that may leave does', async () => {
  const upstream = await startUpstream({ status: 201, body: { id: 1 } });
  const options = { signal: new AbortController().signal, mayStillSend: () => true };
  const client = connectUpstream(settingsFor(upstream.url), 'api', options);
  const answer = await client.request({ method: 'POST', path: ['a/b'], query: { q: 1 }, body: { a: 1 } });
  expect(answer).toMatchObject({ status: 201, body: { id: 1 } });
  expect(upstream.received).toMatchObject([{ method: 'POST', url: '/a%2Fb?q=1', body: '{"a":1}' }]);
});

const PAUSED = fileURLToPath(new URL('paused.ts', import.meta.url));

/** A process that is stopped while it connects, and goes on after `meanwhile`. */
async function executePaused(url: URL, connected: Promise<unknown>, meanwhile: (lease: string) => void) {
  const directory = mkdtempSync(join(tmpdir(), 'lease-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const lease = join(directory, 'lease');
  writeFileSync(lease, '');
  const child = spawn(process.execPath, [PAUSED, url.href, lease], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = textOf(child.stdout);
  await Promise.race([connected, once(child, 'exit')]);
  const state = () => execFileSync('ps', ['-o', 'state=', '-p', String(child.pid)], { encoding: 'utf8' }).trim();
  await expect.poll(state, { timeout: 10_000 }).toMatch(/^T/);
  meanwhile(lease);
  child.kill('SIGCONT');
  return JSON.parse(await output) as unknown;
}

test('a server that was stopped while it connected, past its lease, sends nothing', { timeout: 20_000 }, async () => {
  const connected = Promise.withResolvers<void>();
  const upstream = await startSilentUpstream(connected.resolve);
  const execution = await executePaused(upstream.url, connected.promise, (lease) => rmSync(lease));
  expect(execution).toMatchObject({ kind: 'not-sent', error: { code: 'TOO_LATE_TO_SEND' } });
  expect(await upstream.bytes).toBe(0);
});

test('a server that was stopped within its lease goes on', { timeout: 20_000 }, async () => {
  const connected = Promise.withResolvers<void>();
  const upstream = await startUpstream({ status: 200, body: { id: 1 } });
  upstream.server.once('connection', () => connected.resolve());
  const execution = await executePaused(upstream.url, connected.promise, () => {});
  expect(execution).toEqual({ kind: 'succeeded', result: { id: 1 } });
  expect(upstream.received).toMatchObject([{ method: 'POST', body: '{"a":1}' }]);
});
