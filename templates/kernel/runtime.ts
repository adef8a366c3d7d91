/** A server without a transport: lists its tools and calls them. Transports and tests drive this. */
import type { CallToolResult } from '@modelcontextprotocol/server';

import type { AuditSink } from './audit.ts';
import type { Caller } from './caller.ts';
import type { Logger } from './handler.ts';
import type { OperationStore } from './idempotency/store.ts';
import type { Settings } from './settings.ts';
import type { ToolDefinition } from './tool.ts';

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

export interface Runtime {
  /** What this caller may call, in manifest order. */
  listTools(caller: Caller): readonly ToolDefinition[];
  /** Never throws but for `UnknownTool`: a failed call is a result with `isError` and the error envelope as its text. */
  callTool(call: ToolCall): Promise<CallToolResult>;
  /** Waits for calls under way (bounded), then closes the store. */
  close(): Promise<void>;
}
