/**
 * Traces through OpenTelemetry's API alone, by its conventions for MCP. Where the process registers no SDK, nothing happens;
 * where that fails, nothing is traced, and calls go on.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import {
  context,
  isSpanContextValid,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from '@opentelemetry/api';

import type { AttemptEnd, CallEnd, TracedAttempt, TracedCall, Tracing } from '../tracing.ts';

const METHOD = 'tools/call';

/** The call that runs: an SDK may have nothing that keeps it. */
const running = new AsyncLocalStorage<Context>();

export const opentelemetry: Tracing = {
  call(call, work) {
    const parent = parentOf(call);
    const span = begin(call.tool === undefined ? METHOD : `${METHOD} ${call.tool}`, SpanKind.SERVER, {
      parent,
      attributes: attributesOfCall(call),
    });
    const ended = (end: CallEnd): void => endCall(span, end);
    return span === undefined ? work(ended) : within(trace.setSpan(parent, span), () => work(ended));
  },
  attempt(attempt) {
    const parent = safely(() => (trace.getActiveSpan() === undefined ? undefined : context.active()));
    const attributes = attributesOfAttempt(attempt);
    const about = { parent: parent ?? running.getStore() ?? ROOT_CONTEXT, attributes };
    const span = begin(attempt.method, SpanKind.CLIENT, about);
    return {
      traceparent: span && safely(() => traceparentOf(span)),
      ended: (end) => endAttempt(span, end),
    };
  },
};

function attributesOfCall({ tool }: TracedCall): Attributes {
  const about = { 'mcp.method.name': METHOD, 'gen_ai.operation.name': 'execute_tool' };
  return tool === undefined ? about : { ...about, 'gen_ai.tool.name': tool };
}

function attributesOfAttempt({ upstream, method, number }: TracedAttempt): Attributes {
  const about = { 'http.request.method': method, 'hardened_mcp.upstream': upstream, 'hardened_mcp.attempt': number };
  return number === 1 ? about : { ...about, 'http.request.resend_count': number - 1 };
}

function endCall(span: Span | undefined, { operationId, decision, executed, replayed, error }: CallEnd): void {
  end(span, error && 'tool_error', {
    'hardened_mcp.operation_id': operationId,
    'hardened_mcp.decision': decision,
    'hardened_mcp.executed': executed,
    'hardened_mcp.replayed': replayed,
    ...(error && { 'hardened_mcp.code': error.code, 'hardened_mcp.category': error.category }),
  });
}

function endAttempt(span: Span | undefined, ending: AttemptEnd): void {
  if ('failure' in ending) return end(span, ending.failure, {});
  const { status } = ending;
  return end(span, status >= 400 ? String(status) : undefined, { 'http.response.status_code': status });
}

/** `error`: a code; no text goes with it. */
function end(span: Span | undefined, error: string | undefined, attributes: Attributes): void {
  safely(() => {
    span?.setAttributes(error === undefined ? attributes : { ...attributes, 'error.type': error });
    if (error !== undefined) span?.setStatus({ code: SpanStatusCode.ERROR });
    span?.end();
  });
}

function begin(
  name: string,
  kind: SpanKind,
  { parent, attributes }: { readonly parent: Context; readonly attributes: Attributes },
): Span | undefined {
  return safely(() => trace.getTracer('hardened-mcp').startSpan(name, { kind, attributes }, parent));
}

const LONGEST = { traceparent: 128, tracestate: 512, baggage: 8_192 } as const;

/** The client's span where the call names it, read by the propagator that the SDK registered; else what is active. */
function parentOf({ meta = {} }: TracedCall): Context {
  const told = Object.entries(LONGEST).flatMap(([key, longest]) => {
    const value = Object.hasOwn(meta, key) ? meta[key] : undefined;
    return typeof value === 'string' && value.length <= longest ? [[key, value] as const] : [];
  });
  const named = safely(() => {
    const extracted = propagation.extract(ROOT_CONTEXT, Object.fromEntries(told));
    const parent = trace.getSpanContext(extracted);
    return parent !== undefined && isSpanContextValid(parent) ? extracted : undefined;
  });
  return named ?? safely(() => context.active()) ?? ROOT_CONTEXT;
}

/** Runs the work once, whatever becomes of the context. */
function within<Result>(active: Context, work: () => Result): Result {
  let outcome: (() => Result) | undefined;
  const run = (): void => {
    outcome ??= settled(() => running.run(active, work));
  };
  safely(() => context.with(active, run));
  run();
  return (outcome ?? work)();
}

/** Has done the work; gives its result, or throws what it threw. */
function settled<Result>(work: () => Result): () => Result {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function traceparentOf(span: Span): string | undefined {
  const about = span.spanContext();
  if (!isSpanContextValid(about)) return undefined;
  return `00-${about.traceId}-${about.spanId}-${(about.traceFlags & 0xff).toString(16).padStart(2, '0')}`;
}

/** What an SDK throws is its own affair. */
function safely<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
