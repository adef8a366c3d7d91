/** A real SDK that keeps its spans, and a declared tool whose calls it is told of. */
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { onTestFinished } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { UpstreamSettings } from '../../../templates/kernel/settings.ts';
import type { Tool } from '../../../templates/kernel/tool.ts';
import { opentelemetry } from '../../../templates/kernel/traces/opentelemetry.ts';
import { run, toolOf, type ServerOptions } from '../pipeline/harness.ts';

export interface Recorder {
  /** Those that ended, in that order. */
  readonly spans: () => readonly ReadableSpan[];
  readonly named: (name: string) => ReadableSpan;
}

/** Registers the SDK for this test. `keepsContext: false`: as one that was registered without a context manager. */
export function record({ keepsContext = true } = {}): Recorder {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  const propagators = [new W3CTraceContextPropagator(), new W3CBaggagePropagator()];
  propagation.setGlobalPropagator(new CompositePropagator({ propagators }));
  if (keepsContext) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  onTestFinished(unregister);
  const spans = () => exporter.getFinishedSpans();
  const named = (name: string): ReadableSpan => {
    const span = spans().find((one) => one.name === name);
    if (span === undefined) throw new Error(`There is no span ${name}`);
    return span;
  };
  return { spans, named };
}

export function unregister(): void {
  trace.disable();
  propagation.disable();
  context.disable();
}

/** Keys of idempotency are the invoice's; reads are tried twice. */
export function declared(
  url: URL,
  about: { readonly method: 'GET' | 'POST'; readonly sendsTrace?: true },
): ServerOptions {
  const { method, sendsTrace } = about;
  const { handler: _, ...tool } = toolOf(() => null, {
    policy:
      method === 'GET'
        ? { mutability: 'read-only', scopes: ['read'] }
        : { idempotency: { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' } },
  });
  const request = {
    upstream: 'billing',
    method,
    path: ['invoices'],
    query: { q: args('/reason') },
    contentType: 'json',
  };
  const declaration = {
    name: 'billing',
    baseUrl: { value: url.href },
    allowedHosts: ['127.0.0.1'],
    credential: { type: 'none' },
    ...(sendsTrace && { sendsTrace }),
    timeoutMs: 2_000,
    attempts: 2,
    maxDelayMs: 10,
    maxResponseBytes: 10_000,
  } as const;
  const authorize = (headers: Headers): void => headers.set('authorization', `Bearer ${CANARY}`);
  const upstream: UpstreamSettings = { declaration, baseUrl: url, reach: 'this-machine', authorize };
  return {
    tools: [{ ...tool, request } as Tool],
    settings: { upstreams: new Map([['billing', upstream]]) },
    tracing: opentelemetry,
  };
}

/** Stands in arguments, results, texts of errors and tokens. */
export const CANARY = 'canary-hunter2';

export const traced = (options: ServerOptions) => run({ ...options, tracing: opentelemetry });
