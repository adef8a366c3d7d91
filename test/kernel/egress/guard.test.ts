import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { readRequest } from '../../../templates/kernel/upstream/read-request.ts';
import { declareTool, execute, settingsFor } from '../upstream/declared.ts';
import { startUpstream } from '../upstream/loopback.ts';
import { answerLookups, lookups } from './resolver.ts';

vi.mock('node:dns', async () => ({ lookup: (await import('./resolver.ts')).lookup }));

const read = declareTool({});
const write = declareTool({ mutability: 'additive', request: { method: 'POST', body: { a: 1 } } });
const REFUSED = { kind: 'not-sent', error: { code: 'UPSTREAM_ADDRESS_REFUSED', executed: 'no', retryable: false } };

beforeEach(() => answerLookups(['127.0.0.1']));

/** An upstream on this machine, by a name that says nothing of it. `connections`: how many there were. */
async function startNamed(address = '127.0.0.1') {
  let connections = 0;
  const server = createServer((_, response) => response.end('{"ok":1}'));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address.
  const { port } = server.address() as AddressInfo;
  return { port, url: new URL(`http://api.example:${port}`), connections: () => connections };
}

test('a name that leads to this machine is not connected to, nor tried again, nor is the claim asked for', async () => {
  const upstream = await startNamed();
  let asked = 0;
  const mayStillSend = () => (asked += 1) > 0;
  const options = { tool: write, reach: 'public', upstream: { attempts: 3 }, mayStillSend } as const;
  expect(await execute(upstream.url, options)).toMatchObject(REFUSED);
  expect({ connections: upstream.connections(), lookups: lookups(), asked }).toEqual({
    connections: 0,
    lookups: 1,
    asked: 0,
  });
});

test.each([
  [['8.8.8.8', '127.0.0.1']],
  [['127.0.0.1', '8.8.8.8']],
  [['2606:4700::1111', '::1']],
  [['::ffff:127.0.0.1']],
  [['64:ff9b::127.0.0.1']],
  [['169.254.169.254']],
  [['fe80::1%lo']],
  [[]],
] as const)('a name that leads to %j is not connected to', async (addresses) => {
  const upstream = await startNamed();
  answerLookups(addresses);
  expect(await execute(upstream.url, { tool: read, reach: 'public' })).toMatchObject(REFUSED);
  expect(upstream.connections()).toBe(0);
});

test('what the check saw is what is connected to: nobody asks again', async () => {
  const upstream = await startNamed();
  answerLookups(['127.0.0.1'], ['127.0.0.2']);
  expect(await execute(upstream.url, { tool: write, reach: 'private' })).toMatchObject({ kind: 'succeeded' });
  expect({ connections: upstream.connections(), lookups: lookups() }).toEqual({ connections: 1, lookups: 1 });
});

test('a name that leads elsewhere from one request to the next is refused then', async () => {
  const upstream = await startNamed();
  answerLookups(['127.0.0.1'], ['169.254.169.254']);
  expect(await execute(upstream.url, { tool: write, reach: 'private' })).toMatchObject({ kind: 'succeeded' });
  expect(await execute(upstream.url, { tool: write, reach: 'private' })).toMatchObject(REFUSED);
  expect(upstream.connections()).toBe(1);
});

test('a connection that was kept open is not used by who may not be there', async () => {
  const upstream = await startNamed();
  expect(await execute(upstream.url, { tool: read, reach: 'private' })).toMatchObject({ kind: 'succeeded' });
  expect(await execute(upstream.url, { tool: read, reach: 'private' })).toMatchObject({ kind: 'succeeded' });
  expect(upstream.connections()).toBe(1);
  expect(await execute(upstream.url, { tool: read, reach: 'public' })).toMatchObject(REFUSED);
});

test.each(['127.0.0.1', '[::1]', '2130706433', '0x7f.1', '[::ffff:7f00:1]'])(
  'an address in the URL is checked too: %s',
  async (host) => {
    const upstream = await startNamed(host === '[::1]' ? '::1' : '127.0.0.1');
    const url = new URL(`http://${host}:${upstream.port}`);
    expect(await execute(url, { tool: read, reach: 'public' })).toMatchObject(REFUSED);
    expect(await execute(url, { tool: write, reach: 'public' })).toMatchObject(REFUSED);
    expect({ connections: upstream.connections(), lookups: lookups() }).toEqual({ connections: 0, lookups: 0 });
    expect(await execute(url, { tool: read, reach: 'this-machine' })).toMatchObject({ kind: 'succeeded' });
  },
);

test('a name for this machine leads to no other', async () => {
  answerLookups(['10.0.0.1']);
  expect(await execute(new URL('http://localhost:9'), { tool: read })).toMatchObject(REFUSED);
});

test('a redirect leads nowhere', async () => {
  const target = await startNamed();
  const located = await startUpstream(
    { status: 302, headers: { location: `http://127.0.0.1:${target.port}/` } },
    { status: 307, headers: { location: 'http://169.254.169.254/latest/meta-data/' } },
  );
  for (const tool of [read, read, write]) {
    expect(await execute(located.url, { tool })).toMatchObject({ kind: 'rejected', error: { category: 'internal' } });
  }
  expect(target.connections()).toBe(0);
  expect(located.received).toHaveLength(3);
});

test('a read that belongs to a call is refused in the same words', async () => {
  const upstream = await startNamed();
  const answer = await readRequest({
    request: { upstream: 'api', method: 'GET', path: ['things'], contentType: 'json' },
    scope: { args: {}, principal: { subject: 'ann' } },
    settings: settingsFor(upstream.url, {}, 'public'),
    signal: new AbortController().signal,
  });
  expect(answer).toMatchObject({ kind: 'failed', error: REFUSED.error });
  expect(upstream.connections()).toBe(0);
});
