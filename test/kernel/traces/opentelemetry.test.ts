import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type ContextManager,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { expect, onTestFinished, test } from 'vitest';

import { UnknownTool } from '../../../templates/kernel/runtime.ts';
import { opentelemetry } from '../../../templates/kernel/traces/opentelemetry.ts';
import { startBank } from '../pipeline/bank.ts';
import { ada, counting, READ_POLICY, run, toolOf } from '../pipeline/harness.ts';
import { CANARY, declared, record, traced, unregister } from './recorded.ts';

const refund = { invoice_id: 'inv_1', amount: 5, reason: CANARY };
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

/** Everything that is exported of a span. */
function exported({ name, attributes, status, events, links, kind }: ReadableSpan): string {
  return JSON.stringify({ name, attributes, status, events, links, kind });
}

test('a call has one server span, and each attempt at its request a client span within', async () => {
  const { spans, named } = record();
  let asked = 0;
  const bank = await startBank(() => ((asked += 1) === 1 ? { status: 503 } : { status: 200, body: { ok: true } }));
  const { call, audit } = traced(declared(bank.url, { method: 'GET' }));
  expect((await call(refund)).ok).toBe(true);
  expect(spans().map(({ kind }) => kind)).toEqual([SpanKind.CLIENT, SpanKind.CLIENT, SpanKind.SERVER]);
  const server = named('tools/call issue_refund');
  expect(server.attributes).toEqual({
    'mcp.method.name': 'tools/call',
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': 'issue_refund',
    'hardened_mcp.operation_id': audit[0]?.operation_id,
    'hardened_mcp.decision': 'executed',
    'hardened_mcp.executed': 'yes',
    'hardened_mcp.replayed': false,
  });
  const attempts = spans().filter(({ kind }) => kind === SpanKind.CLIENT);
  const about = { 'http.request.method': 'GET', 'hardened_mcp.upstream': 'billing' };
  expect(attempts.map(({ attributes }) => attributes)).toEqual([
    { ...about, 'hardened_mcp.attempt': 1, 'http.response.status_code': 503, 'error.type': '503' },
    { ...about, 'hardened_mcp.attempt': 2, 'http.request.resend_count': 1, 'http.response.status_code': 200 },
  ]);
  for (const { parentSpanContext } of attempts) expect(parentSpanContext?.spanId).toBe(server.spanContext().spanId);
});

test('attempts belong to their call also where the SDK keeps no context', async () => {
  const { spans, named } = record({ keepsContext: false });
  const bank = await startBank(() => ({ status: 200, body: {} }));
  const { call } = traced(declared(bank.url, { method: 'POST' }));
  await call(refund);
  const [attempt] = spans();
  expect(attempt?.parentSpanContext?.spanId).toBe(named('tools/call issue_refund').spanContext().spanId);
});

test('the trace that a call names in _meta goes on', async () => {
  const { named } = record();
  const { call } = traced({ tools: [toolOf(() => ({ ok: true }))] });
  await call(refund, { meta: { traceparent: PARENT, tracestate: 'vendor=1' } });
  const span = named('tools/call issue_refund');
  expect(span.spanContext().traceId).toBe(TRACE_ID);
  expect(span.parentSpanContext).toMatchObject({ spanId: '00f067aa0ba902b7', isRemote: true });
  expect(span.spanContext().traceState?.serialize()).toBe('vendor=1');
});

test('baggage of a call reaches its handler, and no span', async () => {
  const { spans } = record();
  let seen: string | undefined;
  const tool = toolOf(() => {
    seen = propagation.getActiveBaggage()?.getEntry('order')?.value;
    return { ok: true };
  });
  await traced({ tools: [tool] }).call(refund, { meta: { traceparent: PARENT, baggage: `order=${CANARY}` } });
  expect(seen).toBe(CANARY);
  expect(spans().map(exported).join()).not.toContain(CANARY);
});

test.each([
  ['no hexadecimal', `00-${'z'.repeat(32)}-00f067aa0ba902b7-01`],
  ['only zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['another version', `ff-${TRACE_ID}-00f067aa0ba902b7-01`],
  ['no text', 7],
  ['far too long', `${PARENT}${'-'.repeat(1_000)}`],
  ['a line break in it', `${PARENT}\r\nx: y`],
])('a traceparent with %s is ignored: the call has a trace of its own', async (_, traceparent) => {
  const { named } = record();
  const { call } = traced({ tools: [toolOf(() => ({ ok: true }))] });
  expect((await call(refund, { meta: { traceparent, baggage: 'a=b' } })).ok).toBe(true);
  const span = named('tools/call issue_refund');
  expect(span.parentSpanContext).toBeUndefined();
  expect(span.spanContext().traceId).not.toBe(TRACE_ID);
});

test('a refused, a failed and a replayed call are told by code and category, and marked as errors', async () => {
  const { spans } = record();
  const { handler } = counting(() => {
    throw new Error(CANARY);
  });
  const failing = traced({ tools: [toolOf(handler, { policy: READ_POLICY })] });
  await failing.call(refund);
  await failing.call(refund, { caller: { ...ada, scopes: new Set() } });
  await failing.call({ ...refund, amount: CANARY });
  const writing = traced({ tools: [toolOf(() => ({ ok: true }))] });
  await writing.call(refund, { meta: {} });
  const told = spans().map(({ attributes, status }) => [
    attributes['hardened_mcp.decision'],
    attributes['hardened_mcp.code'],
    attributes['hardened_mcp.category'],
    attributes['error.type'],
    status,
  ]);
  const error = { code: SpanStatusCode.ERROR };
  expect(told).toEqual([
    ['failed', 'INTERNAL', 'internal', 'tool_error', error],
    ['refused', 'SCOPE_MISSING', 'permission_denied', 'tool_error', error],
    ['refused', 'INVALID_ARGUMENTS', 'invalid_input', 'tool_error', error],
    ['executed', undefined, undefined, undefined, { code: SpanStatusCode.UNSET }],
  ]);
});

test('a call that gets its answer again says so', async () => {
  const { spans } = record();
  const bank = await startBank(() => ({ status: 200, body: { id: 're_1' } }));
  const { call } = traced(declared(bank.url, { method: 'POST' }));
  await call(refund);
  await call(refund);
  const calls = spans().filter(({ kind }) => kind === SpanKind.SERVER);
  expect(calls.map(({ attributes }) => attributes['hardened_mcp.replayed'])).toEqual([false, true]);
  expect(spans()).toHaveLength(3);
});

test('what no connection came about for is told as that, and nothing else', async () => {
  const { spans } = record();
  const bank = await startBank(() => 'cut off');
  const { call } = traced(declared(bank.url, { method: 'POST' }));
  await call(refund);
  await bank.close();
  await call({ ...refund, invoice_id: 'inv_2' });
  const attempts = spans().filter(({ kind }) => kind === SpanKind.CLIENT);
  expect(attempts.map(({ attributes }) => attributes['error.type'])).toEqual(['lost', 'not-sent', 'not-sent']);
});

test('a tool that does not exist has a span without its name, which may be anything', async () => {
  const { spans } = record();
  const { runtime } = traced({ tools: [toolOf(() => ({ ok: true }))] });
  await expect(runtime.callTool({ name: CANARY, arguments: {}, caller: ada })).rejects.toThrow(UnknownTool);
  expect(spans().map(({ name }) => name)).toEqual(['tools/call']);
  expect(spans().map(exported).join()).not.toContain(CANARY);
});

test('a call that is refused at the door for want of scopes has its span, too', () => {
  const { named } = record();
  const { runtime } = traced({ tools: [toolOf(() => ({ ok: true }))] });
  const caller = { ...ada, scopes: new Set<string>() };
  expect(runtime.refuseUnscoped({ name: 'issue_refund', arguments: {}, caller })).toBeDefined();
  expect(named('tools/call issue_refund').attributes['hardened_mcp.code']).toBe('SCOPE_MISSING');
});

test('no argument, result, token, URL or text of an error is in any span', async () => {
  const { spans } = record();
  const bank = await startBank(({ url }) => {
    // It stands where it would have to be kept out.
    expect(url).toContain(CANARY);
    return { status: 422, body: { error: CANARY }, headers: { 'x-why': CANARY } };
  });
  await traced(declared(bank.url, { method: 'POST' })).call(refund);
  await traced(declared(bank.url, { method: 'GET' })).call(refund, { meta: { note: CANARY } });
  const thrown = toolOf(() => Promise.reject(new Error(CANARY)), { policy: READ_POLICY });
  await traced({ tools: [thrown] }).call(refund, { meta: { traceparent: PARENT, tracestate: 'vendor=1' } });
  expect(spans().length).toBeGreaterThan(4);
  const all = spans().map(exported).join();
  expect(all).not.toContain(CANARY);
  expect(all).not.toContain(bank.url.host);
  expect(spans().flatMap(({ events }) => events)).toEqual([]);
});

test('an upstream is told of the trace where the manifest says that it may know, and of nothing that clients add', async () => {
  const { named, spans } = record();
  const bank = await startBank(() => ({ status: 200, body: {} }));
  const meta = { traceparent: PARENT, tracestate: 'vendor=1', baggage: 'order=1' };
  await traced(declared(bank.url, { method: 'POST' })).call(refund, { meta });
  await traced(declared(bank.url, { method: 'POST', sendsTrace: true })).call(refund, { meta });
  const [silent, told] = bank.received.map(({ headers }) => headers);
  expect(silent).not.toHaveProperty('traceparent');
  const attempt = spans().findLast(({ kind }) => kind === SpanKind.CLIENT);
  expect(told?.traceparent).toBe(`00-${TRACE_ID}-${attempt?.spanContext().spanId}-01`);
  expect(told).not.toHaveProperty('tracestate');
  expect(told).not.toHaveProperty('baggage');
  expect(named('tools/call issue_refund').spanContext().traceId).toBe(TRACE_ID);
});

test('without an SDK calls go on, and no upstream is told anything', async () => {
  const bank = await startBank(() => ({ status: 200, body: {} }));
  const { call } = traced(declared(bank.url, { method: 'POST', sendsTrace: true }));
  expect((await call(refund, { meta: { traceparent: PARENT } })).ok).toBe(true);
  expect(bank.received[0]?.headers).not.toHaveProperty('traceparent');
});

const throws = (): never => {
  throw new Error('the SDK is broken');
};

test.each([
  ['starting a span', (): Tracer => ({ startSpan: throws, startActiveSpan: throws })],
  ['whatever is done with a span', (): Tracer => ({ startSpan: () => brokenSpan, startActiveSpan: throws })],
])('an SDK that fails at %s breaks no call, and lets it run once', async (_, tracer) => {
  trace.setGlobalTracerProvider({ getTracer: tracer });
  propagation.setGlobalPropagator({ inject: throws, extract: throws, fields: () => [] });
  context.setGlobalContextManager(brokenContext);
  onTestFinished(unregister);
  const { handler, effects } = counting();
  const { call } = run({ tools: [toolOf(handler)], tracing: opentelemetry });
  expect((await call(refund, { meta: { traceparent: PARENT } })).ok).toBe(true);
  expect(effects).toHaveLength(1);
  const bank = await startBank(() => ({ status: 200, body: {} }));
  expect((await traced(declared(bank.url, { method: 'POST', sendsTrace: true })).call(refund)).ok).toBe(true);
  expect(bank.received).toHaveLength(1);
});

const brokenContext: ContextManager = {
  active: throws,
  with: throws,
  bind: throws,
  enable: throws,
  disable: () => brokenContext,
};
const brokenSpan: Span = {
  spanContext: throws,
  setAttribute: throws,
  setAttributes: throws,
  addEvent: throws,
  addLink: throws,
  addLinks: throws,
  setStatus: throws,
  updateName: throws,
  end: throws,
  isRecording: throws,
  recordException: throws,
};
