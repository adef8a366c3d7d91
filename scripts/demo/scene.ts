/** One scene: who acts, what happens, and what must hold. */
import type { Effects } from './ledger.ts';
import type { Upstream } from './upstream.ts';

/** What a server process is allowed: its caller's scopes, and whether writes are on. */
export interface Cast {
  readonly scopes: string;
  readonly writes: 'enabled' | 'disabled';
}

export const READER: Cast = { scopes: 'invoices:read', writes: 'enabled' };
export const MANAGER: Cast = { scopes: 'refunds:write customers:write credit-notes:write', writes: 'enabled' };
export const CAUTIOUS_MANAGER: Cast = { ...MANAGER, writes: 'disabled' };

/** The error envelope, as far as scenes look at it. */
export interface CallError {
  readonly code: string;
  readonly category: string;
  readonly retry: string;
  readonly retryable: boolean;
  readonly executed: string;
  readonly field?: string;
  readonly retry_after_ms?: number;
  readonly operation_id?: string;
  readonly violations?: readonly { readonly field: string; readonly rule: string }[];
}

/** An answer of the server to one tool call. */
export interface Answer {
  /** The text that the model reads: byte for byte. */
  readonly text: string;
  /** The parsed text of a success; a failed call has `error` instead. */
  readonly result: unknown;
  readonly error: CallError | undefined;
  readonly replayed: boolean;
}

export interface Stage {
  readonly upstream: Upstream;
  /** The tools that the cast of this scene is shown. */
  listTools(): Promise<readonly string[]>;
  /** Calls a tool as the scene's cast, and notes request and answer in the transcript. */
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Runs the operations command as another person; its exit code. */
  operate(operator: { readonly subject: string; readonly scopes: string }, ...args: string[]): Promise<number>;
  /** The effects since the scene began. */
  effects(): Effects;
}

export interface Scene {
  readonly title: string;
  readonly cast: Cast;
  /** Rejects where something does not hold. */
  play(stage: Stage): Promise<void>;
}
