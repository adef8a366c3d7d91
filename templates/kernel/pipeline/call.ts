/** What a call is made of, and what its steps may use. */
import type { AuditSink } from '../audit.ts';
import type { Caller } from '../caller.ts';
import type { Execution } from '../execution.ts';
import type { Logger } from '../handler.ts';
import type { OperationStore } from '../idempotency/store.ts';
import type { JsonObject } from '../json.ts';
import type { Settings } from '../settings.ts';
import type { Tool, ToolValidators } from '../tool.ts';

export interface RuntimeOptions {
  readonly settings: Settings;
  /** Present when any tool writes. */
  readonly store?: OperationStore;
  readonly audit: AuditSink;
  readonly log: Logger;
}

export interface ToolCall {
  readonly name: string;
  readonly arguments: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  /** The client's cancellation; ignored once the call is SENT. */
  readonly signal?: AbortSignal;
}

/** A tool of that name does not exist: JSON-RPC −32602, not a tool result. */
export class UnknownTool extends Error {
  override readonly name = 'UnknownTool';
}

/** What the server itself answers, without handler or request. */
export type BuiltIn = (args: JsonObject, caller: Caller) => Promise<Execution>;

export interface LoadedTool {
  readonly tool: Tool;
  readonly validators: () => Promise<ToolValidators>;
  readonly builtIn?: BuiltIn;
}

/** The server as its steps see it. */
export interface Kernel {
  readonly server: string;
  readonly settings: Settings;
  readonly tools: ReadonlyMap<string, LoadedTool>;
  readonly store: OperationStore | undefined;
  readonly log: Logger;
  /** Work that outlives its call; the server waits for it when it closes. It never rejects. */
  readonly background: (work: Promise<void>) => void;
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
}
