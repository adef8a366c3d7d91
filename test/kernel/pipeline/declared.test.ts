import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { args, operationKey, text } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import type { Reach, UpstreamSettings } from '../../../templates/kernel/settings.ts';
import type { Tool } from '../../../templates/kernel/tool.ts';
import { ada, run, toolOf } from './harness.ts';

const refund = { invoice_id: 'inv_1', amount: 5 };
const byInvoice: IdempotencyPolicy = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' };
const natural: IdempotencyPolicy = { strategy: 'natural', recovery: 'send-again' };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

type Answer = { readonly status: number; readonly body: unknown } | 'reset' | 'silence';

/** A real HTTP server that answers as told and keeps what it was asked. */
async function upstreamOf(answer: Answer) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
      if (answer === 'reset') request.socket.destroy();
      if (typeof answer === 'object') {
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address.
  const { port } = server.address() as AddressInfo;
  return { requests, url: `http://127.0.0.1:${port}` };
}

interface Reaching {
  readonly reach?: Reach;
  /** Short only for an upstream that never answers. */
  readonly timeoutMs?: number;
}

function upstreams(
  url: string,
  { reach = 'this-machine', timeoutMs = 10_000 }: Reaching = {},
): ReadonlyMap<string, UpstreamSettings> {
  const declaration = {
    name: 'billing',
    baseUrl: { value: url },
    allowedHosts: ['127.0.0.1'],
    credential: { type: 'none' },
    timeoutMs,
    attempts: 2,
    maxDelayMs: 10,
    maxResponseBytes: 10_000,
  } as const;
  return new Map([['billing', { declaration, baseUrl: new URL(url), reach, authorize: () => {} }]]);
}

function refunds(url: string, idempotency: IdempotencyPolicy = byInvoice, reaching: Reaching = {}) {
  const { handler: _, ...handled } = toolOf(() => null, { policy: { idempotency } });
  const tool: Tool = {
    ...handled,
    request: {
      upstream: 'billing',
      method: 'POST',
      path: ['invoices', args('/invoice_id'), 'refunds'],
      query: { key: operationKey },
      body: { amount: args('/amount'), note: text('Refund of ', args('/invoice_id')) },
      contentType: 'json',
    },
  };
  return run({ tools: [tool], settings: { upstreams: upstreams(url, reaching) } });
}

test('a declared write is sent once, with its key, and replayed after that', async () => {
  const { requests, url } = await upstreamOf({ status: 201, body: { id: 're_1' } });
  const { call } = refunds(url);
  const first = await call(refund);
  expect(first.text).toBe('{"id":"re_1"}');
  expect((await call(refund)).text).toBe(first.text);
  expect(requests).toEqual([expect.stringMatching(/^POST \/invoices\/inv_1\/refunds\?key=[0-9a-f]{64}$/)]);
});

test.each(['reset', 'silence'] as const)('a write that meets %s is unknown and never sent again', async (answer) => {
  const { requests, url } = await upstreamOf(answer);
  const { call } = refunds(url, byInvoice, { timeoutMs: 200 });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown', retry: 'check_status_first' });
  expect(error.suggested_action).toContain('get_operation_status');
  expect((await call(refund)).error.operation_id).toBe(error.operation_id);
  expect(requests).toHaveLength(1);
});

test('a value that is set is sent again after an unknown outcome', async () => {
  const { requests, url } = await upstreamOf('reset');
  const { call } = refunds(url, natural);
  expect((await call(refund)).error).toMatchObject({ executed: 'unknown' });
  const sent = requests.length;
  await call(refund);
  expect(requests.length).toBeGreaterThan(sent);
});

test('what never reached the upstream frees its key', async () => {
  const { url } = await upstreamOf('silence');
  servers.pop()?.close();
  const { call, store, audit } = refunds(url);
  expect((await call(refund)).error).toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    executed: 'no',
    retry: 'same_call',
  });
  expect((await store.findById(audit[0]?.operation_id ?? ''))?.state).toBe('released');
});

test('what would have gone to an address that is refused frees its key, and is audited as that', async () => {
  const { requests, url } = await upstreamOf({ status: 201, body: {} });
  const { call, store, audit } = refunds(url, byInvoice, { reach: 'public' });
  expect((await call(refund)).error).toMatchObject({
    code: 'UPSTREAM_ADDRESS_REFUSED',
    category: 'internal',
    executed: 'no',
    retry: 'never',
  });
  expect(audit).toMatchObject([{ code: 'UPSTREAM_ADDRESS_REFUSED', executed: 'no' }]);
  expect((await store.findById(audit[0]?.operation_id ?? ''))?.state).toBe('released');
  expect(requests).toEqual([]);
});

test('what cannot be encoded frees its key too', async () => {
  const { requests, url } = await upstreamOf({ status: 201, body: {} });
  const { call } = refunds(url);
  expect((await call({ ...refund, invoice_id: '..' })).error).toMatchObject({
    code: 'INVALID_ARGUMENTS',
    field: '/invoice_id',
    executed: 'no',
  });
  expect(requests).toEqual([]);
});

test('a handler whose upstream gives no answer has done nothing as a read, and may have as a write', async () => {
  const { url } = await upstreamOf('reset');
  const ask: Parameters<typeof toolOf>[0] = (_args, ctx) =>
    ctx.upstream('billing').request({ method: 'POST', path: ['refunds'], body: {} });
  const tools = [
    toolOf(ask, { policy: { idempotency: byInvoice } }),
    toolOf(ask, { name: 'look', policy: { mutability: 'read-only', scopes: [] } }),
  ];
  const { call } = run({ tools, settings: { upstreams: upstreams(url) } });
  expect((await call(refund)).error).toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    category: 'outcome_unknown',
    executed: 'unknown',
  });
  expect((await call(refund, { name: 'look', caller: ada })).error).toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    category: 'unavailable',
    executed: 'no',
  });
});
