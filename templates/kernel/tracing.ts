/**
 * What traces are told while a server works: an allow-list, so that neither arguments nor results, URLs, tokens or the texts
 * of errors can reach them. None of this ever throws.
 */
import type { Verdict } from './pipeline/audit-call.ts';

export interface Tracing {
  /** Runs a call as part of its span. `ended` is told, once, how the call ended; whatever `work` answers is answered. */
  call<Result>(call: TracedCall, work: (ended: (end: CallEnd) => void) => Result): Result;
  /** An attempt begins, as part of the call that runs. */
  attempt(attempt: TracedAttempt): AttemptSpan;
}

export interface TracedCall {
  /** `undefined` where there is none of that name: it may be anything. */
  readonly tool: string | undefined;
  /** Of the request; holds the trace that it belongs to, where its client has one. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
}

export interface CallEnd extends Verdict {
  readonly operationId: string;
}

export interface TracedAttempt {
  /** As the manifest names it. */
  readonly upstream: string;
  readonly method: string;
  /** 1 for the first. */
  readonly number: number;
}

/** The HTTP status of the answer, or why there is none. */
export type AttemptEnd =
  | { readonly status: number }
  | { readonly failure: 'not-sent' | 'not-allowed' | 'too-late' | 'lost' };

export interface AttemptSpan {
  /** W3C Trace Context: for the upstream, if it may know; `undefined` where nothing is traced. */
  readonly traceparent: string | undefined;
  readonly ended: (end: AttemptEnd) => void;
}
