/** What a handler tool of yours gets and returns. */
import type { ErrorBody } from './failure.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Tool } from './tool.ts';

/** The principal a handler acts for; credentials are out of its reach. */
export interface Principal {
  readonly subject: string;
  readonly tenant?: string;
}

/** Sends a request with the upstream's credential, limits and time-outs. */
export interface UpstreamClient {
  request(request: UpstreamRequest): Promise<UpstreamAnswer>;
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path segments; each is encoded, so an argument can never leave its segment. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonValue | undefined;
}

/** A request of a handler that got no usable answer. */
export class UpstreamUnavailable extends Error {
  override readonly name = 'UpstreamUnavailable';
  /**
   * `false`: provably nothing of this request left the server. A handler that writes, and knows that it did nothing else
   * either, may say so with `ctx.fail`; where it throws this on, the outcome is unknown.
   */
  readonly sent: boolean;
  /** What the caller is told where nothing else was done; absent: that the upstream gave no answer. */
  readonly error: ErrorBody | undefined;

  constructor(
    upstream: string,
    about: { readonly sent: boolean; readonly reason: string; readonly error?: ErrorBody | undefined },
  ) {
    super(`The upstream ${upstream} gave no usable answer (${about.reason})`);
    this.sent = about.sent;
    this.error = about.error;
  }
}

/**
 * Writes to stderr, as JSON lines; never to stdout, which belongs to the protocol. No line shows a secret that the server
 * read. `thrown`: what was caught, of which nothing is shown either that looks like a credential.
 */
export interface Logger {
  info(message: string, fields?: JsonObject, thrown?: unknown): void;
  warn(message: string, fields?: JsonObject, thrown?: unknown): void;
  error(message: string, fields?: JsonObject, thrown?: unknown): void;
}

/** `Code` is the union of the error codes that the manifest declares for the tool. */
export interface ToolContext<Code extends string = string> {
  readonly principal: Principal;
  readonly operationId: string;
  /** Present for tools that write: hand it to an upstream that takes one. */
  readonly idempotencyKey?: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Tells a client that asked for it how far the work is: more each time, of `total` where that is known. */
  progress(done: number, more?: { readonly total?: number; readonly message?: string }): void;
  upstream(name: string): UpstreamClient;
  /**
   * Does a part of the work and keeps its result, which has to be JSON: a later run of the same operation gets that
   * result and does not do the part again. One step at a time, each with a name of its own. A part that was cut off
   * may have had its effect, so the operation is then in doubt as without steps.
   */
  step<Result>(name: string, work: () => Result | Promise<Result>): Promise<Result>;
  /** Ends the call with a declared error. Only for effects that did not happen. */
  fail(code: Code, details?: { readonly suggestedAction?: string; readonly retryAfterMs?: number }): never;
}

export type Handler<Arguments, Result, Code extends string = never> = (
  args: Arguments,
  ctx: ToolContext<Code>,
) => Result | Promise<Result>;

export type AnyHandler = (args: JsonObject, ctx: ToolContext) => unknown;

/** Joins a tool with its handler. The handler's own types hold because the tool's validator ran before it. */
export function implement<Arguments, Result, Code extends string>(
  tool: Tool,
  handler: Handler<Arguments, Result, Code>,
): Tool {
  return { ...tool, handler: handler as AnyHandler };
}
