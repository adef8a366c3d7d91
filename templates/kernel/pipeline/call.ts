/** What a call is made of, and what its steps may use. */
import type { AuditEvent, AuditSink, ToolCallEvent } from '../audit.ts';
import type { Caller } from '../caller.ts';
import type { Delegation } from '../delegation.ts';
import type { Execution, Outcome } from '../execution.ts';
import type { Logger, ToolContext } from '../handler.ts';
import type { JsonObject } from '../json.ts';
import type { DeskOptions, OperationsDesk } from '../operations/desk.ts';
import type { IdempotencyPolicy } from '../policy.ts';
import type { Settings, UpstreamPart } from '../settings.ts';
import type { ServerLimits, Tool, ToolValidators } from '../tool.ts';
import type { Tracing } from '../tracing.ts';

export interface RuntimeOptions {
  readonly settings: Settings;
  /** Present where there are upstreams. */
  readonly upstreams?: UpstreamPart | undefined;
  /** Present where any tool writes. */
  readonly writePath?: WritePath | undefined;
  /** Present where requests are limited. */
  readonly requestRate?: RequestRate | undefined;
  /** Present where there are traces. */
  readonly tracing?: Tracing | undefined;
  readonly audit: AuditSink;
  readonly log: Logger;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  /** Present where the caller came with a token. */
  readonly delegation?: Delegation | undefined;
  /** The client's cancellation; ignored once the call is SENT. */
  readonly signal?: AbortSignal;
  /** Present where the client wants to be told how far the work is. */
  readonly progress?: ToolContext['progress'] | undefined;
  /** What the caller answered to an earlier question. */
  readonly consent?: Consent | undefined;
  /** Told where the caller has to agree first; absent where the client cannot ask. The answer says the same. */
  readonly ask?: ((question: Question) => void) | undefined;
}

/** A question to the caller, bound to one operation. */
export interface Question {
  readonly operationId: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly summary: string;
  /** How long it stands, in milliseconds. */
  readonly expiresMs: number;
}

/** What the caller answered, and what they were asked. */
export interface Consent extends Pick<Question, 'operationId' | 'key' | 'fingerprint'> {
  readonly agreed: boolean;
}

/** A tool of that name does not exist: JSON-RPC −32602, not a tool result. */
export class UnknownTool extends Error {
  override readonly name = 'UnknownTool';
}

export interface LoadedTool {
  readonly tool: Tool;
  readonly validators: () => Promise<ToolValidators>;
  /** What the server itself answers, without handler or request. */
  readonly builtIn?: (args: JsonObject, about: Pick<CheckedCall, 'kernel' | 'call'>) => Promise<Execution>;
}

/** The server as its steps see it. */
export interface Kernel {
  readonly server: string;
  /** What the ids of this server's operations begin with. */
  readonly realm: string;
  readonly settings: Settings;
  readonly tools: ReadonlyMap<string, LoadedTool>;
  readonly upstreams: UpstreamPart | undefined;
  readonly writePath: WritePath | undefined;
  readonly limits: ServerLimits;
  readonly requestRate: RequestRate | undefined;
  readonly audit: AuditSink;
  readonly log: Logger;
  /** Hands an event of no call to audit, and takes it out of the store's outbox. */
  readonly deliver: (event: AuditEvent) => void;
  /** Work that outlives its call; the server waits for it when it closes. It never rejects. */
  readonly background: (work: Promise<void>) => void;
}

/** Throws where the server has no upstreams. */
export function upstreamsOf({ server, upstreams }: Kernel): UpstreamPart {
  if (upstreams === undefined) throw new Error(`${server} has no upstreams`);
  return upstreams;
}

/** What is known of a call so far: filled in by the steps, read by audit whatever the end. */
export interface Trail {
  operationId: string;
  /** `performance.now()` at the call's arrival. */
  readonly startedAt: number;
  loaded?: LoadedTool;
  arguments: JsonObject;
  /** Something may have been executed. */
  sent: boolean;
  /** The audit event, where it went on record together with the outcome. */
  event?: ToolCallEvent;
}

/** A call that passed steps 1 to 5. */
export interface CheckedCall {
  readonly kernel: Kernel;
  readonly call: ToolCall;
  readonly trail: Trail;
  readonly loaded: LoadedTool;
  readonly validators: ToolValidators;
  /** Validated, defaults filled in. */
  readonly args: JsonObject;
}

export interface Answer {
  readonly outcome: Outcome;
  /** A stored answer, given again. */
  readonly replayed?: boolean;
  /** `false`: it was executed, but that is not on record. */
  readonly recorded?: boolean;
}

/** How often one principal may call. */
export interface RequestRate {
  readonly perMinute: number;
  /** `undefined`: the call may go on; else after how many milliseconds it may come again. */
  admit(caller: Caller): Promise<number | undefined>;
}

/** What only a server with tools that write has. The store is within, so that nothing else can reach it. */
export interface WritePath {
  /** Steps 7 to 14. Throws `Refusal`. */
  write(checked: CheckedCall, policy: IdempotencyPolicy): Promise<Answer>;
  /** The server's own tools, for callers who may write: `get_operation_status`. */
  readonly tools: readonly LoadedTool[];
  /** Begins what goes on beside the calls: recovery, clean-up, audit that was not delivered. */
  start(kernel: Kernel): void;
  /** The event of a call is with the audit sink, so that its entry in the store is needed no more. */
  delivered(event: AuditEvent): void;
  /** What operators may do about operations. */
  operations(options: DeskOptions): OperationsDesk;
  /** Rejects while no operation can be kept; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
