/** The server's settings, read once from the environment (see `config.ts`). */
import type { Environment } from './config/environment.ts';
import type { Execution } from './execution.ts';
import type { Scope } from './expression.ts';
import type { UpstreamClient } from './handler.ts';
import type { WritePath } from './pipeline/call.ts';
import type { ServerDeclaration, Tool, ToolValidators, UpstreamDeclaration } from './tool.ts';

export interface Settings {
  /** `MCP_ENVIRONMENT`: part of every idempotency key, so that staging and production never meet. */
  readonly environment: string;
  /** `MCP_WRITES=enabled`; off until somebody turns it on. */
  readonly writes: boolean;
  readonly upstreams: ReadonlyMap<string, UpstreamSettings>;
  /** How long a claim holds without news of its owner. */
  readonly leaseMs: number;
  /** The longest one call may take, from its arrival to its reply. */
  readonly deadlineMs: number;
  readonly limits: RequestLimits;
}

export interface UpstreamSettings {
  readonly declaration: UpstreamDeclaration;
  readonly baseUrl: URL;
  /** Adds the credential to a request's headers: the only thing that ever sees it. */
  readonly authorize: (headers: Headers) => void;
}

/** What only a server with upstreams has. */
export interface UpstreamPart {
  /** Notes in the environment what is wrong with it. */
  readonly readSettings: (server: ServerDeclaration, environment: Environment) => Settings['upstreams'];
  /** Executes a declared tool. */
  readonly execute: (input: RequestInput) => Promise<Execution>;
  /** The client that a handler reaches an upstream with. Throws where there is none of that name. */
  readonly connect: (settings: Settings, name: string, signal: AbortSignal) => UpstreamClient;
}

/** What only a server with tools that write has. */
export interface WritePart {
  /** The environment variable that says where operations are kept, and its meaning. */
  readonly variable?: readonly [name: string, meaning: string];
  /** Notes in the environment what is wrong with it. */
  readonly locate: (server: ServerDeclaration, environment: Environment) => StorePlace;
  /** Opens the store at an address. `retentionMs`: how long finished operations are kept. */
  readonly open: (address: string, retentionMs: number) => Promise<WritePath>;
}

/** Where operations are kept. */
export interface StorePlace {
  /** A path or a URL; it may hold a password. */
  readonly address: () => string;
  /** For people, without secrets. */
  readonly shown: string;
  /** What to do where it cannot be used. */
  readonly remedy: string;
}

/** One call of a declared tool. */
export interface RequestInput {
  readonly tool: Tool;
  /** What the request's expressions are evaluated against. */
  readonly scope: Scope;
  readonly settings: Settings;
  /** Compiled body conditions of the tool's declared errors. */
  readonly conditions: ToolValidators['conditions'];
  /** Sending the request twice is harmless: the tool is read-only or sets a value. */
  readonly repeatable: boolean;
  readonly signal: AbortSignal;
}

/** Caps that hold before anything is validated. */
export interface RequestLimits {
  readonly maxBodyBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
}
