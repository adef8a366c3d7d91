/** The server's settings, read once from the environment (see `config.ts`). */
import type { Inspection } from './audit-findings.ts';
import type { AuditSink } from './audit.ts';
import type { Environment } from './config/environment.ts';
import type { Delegation } from './delegation.ts';
import type { Execution } from './execution.ts';
import type { Scope } from './expression.ts';
import type { ErrorBody } from './failure.ts';
import type { UpstreamClient } from './handler.ts';
import type { JsonValue } from './json.ts';
import type { WritePath } from './pipeline/call.ts';
import type { RequestDeclaration, ServerDeclaration, Tool, ToolValidators, UpstreamDeclaration } from './tool.ts';
import type { Tracing } from './tracing.ts';

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
  /** What audit hashes sensitive values with; absent: a key of this process. */
  readonly auditKey?: { readonly reveal: () => string } | undefined;
  /** Present where some tool asks its caller for a yes. */
  readonly requestState?: RequestStateSettings | undefined;
}

/** How that is signed which a client keeps while its user is asked. */
export interface RequestStateSettings {
  readonly secret: { readonly reveal: () => string };
  /** `MCP_REQUEST_STATE_SECRET` is set, so that one process can read what another asked. */
  readonly shared: boolean;
}

export interface UpstreamSettings {
  readonly declaration: UpstreamDeclaration;
  readonly baseUrl: URL;
  readonly reach: Reach;
  /**
   * Adds the credential to a request's headers: the only thing that ever sees it. One that has to be obtained first
   * takes its time, and rejects with `CredentialUnavailable`.
   */
  readonly authorize: (headers: Headers, need?: CredentialNeed) => void | Promise<void>;
  /** Present for what can be obtained anew: drops the credential in these headers, which the upstream refused. */
  readonly discard?: (headers: Headers) => void;
  /** Its credential is had in the name of whoever calls, so that nothing is sent there without a caller. */
  readonly actsForCaller?: true;
  /** Told of every attempt at a request; present where there are traces. */
  readonly tracing?: Tracing | undefined;
}

/** What a request needs its credential for. */
export interface CredentialNeed {
  /** It carries these and no more; absent: what the upstream's credential names. */
  readonly scopes?: readonly string[] | undefined;
  /** In whose name; absent: nobody is there who came with a token. */
  readonly delegation?: Delegation | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The addresses that an upstream may be at. `this-machine`: no others, because its base URL names this machine.
 * `private`: those of this machine and of its network, too.
 */
export type Reach = 'public' | 'this-machine' | 'private';

/** What only a server with upstreams has. */
export interface UpstreamPart {
  /** Notes in the environment what is wrong with it. */
  readonly readSettings: (server: ServerDeclaration, environment: Environment) => Settings['upstreams'];
  /** Encodes the request of a declared tool and finds its credential. Nothing leaves yet. */
  readonly prepare: (input: RequestInput) => Promise<Prepared>;
  /** Reads for a look-up or a precondition: retried like any read. Rejects only for what generated code cannot hold. */
  readonly read: (input: ReadInput) => Promise<ReadAnswer>;
  /** The client that a handler reaches an upstream with. Throws where there is none of that name. */
  readonly connect: (settings: Settings, name: string, options: ConnectOptions) => UpstreamClient;
}

/** What only a server has whose audit goes to its store. */
export interface AuditPart {
  /** The environment variable that says where the store is, and its meaning. */
  readonly variable?: WritePart['variable'];
  /** Notes in the environment what is wrong with it. */
  readonly locate: WritePart['locate'];
  /** `realm`: of the server and its environment. */
  readonly open: (
    address: string,
    about: { readonly realm: string; readonly retentionMs: number },
  ) => Promise<KeptAudit>;
}

/** Audit that can be read again. */
export interface KeptAudit extends AuditSink {
  /** The oldest first, as they were written, without ends. `since`: no older, in milliseconds since the epoch. */
  lines(since?: number): AsyncIterable<string>;
  /** Whether they are as they were written. */
  inspect(): Promise<Inspection>;
  close(): Promise<void>;
}

/** What only a server with tools that write has. */
export interface WritePart {
  /** The environment variable that says where operations are kept, and its meaning. */
  readonly variable?: readonly [name: string, meaning: string];
  /** Notes in the environment what is wrong with it. */
  readonly locate: (server: ServerDeclaration, environment: Environment) => StorePlace;
  /** Opens the store at an address. `retentionMs`: how long finished operations are kept. */
  readonly open: (address: string, retentionMs: number, options?: OpenOptions) => Promise<WritePath>;
}

export interface OpenOptions {
  /** Tells windows of time, instead of the store's own clock: for tests. Milliseconds since the epoch. */
  readonly now?: (() => Promise<number>) | undefined;
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

/** One call of a declared tool. Whether its request may be repeated follows from the tool's policy. */
export interface RequestInput {
  readonly tool: Tool;
  /** What the request's expressions are evaluated against. */
  readonly scope: Scope;
  readonly settings: Settings;
  /** Compiled body conditions of the tool's declared errors. */
  readonly conditions: ToolValidators['conditions'];
  readonly delegation?: Delegation | undefined;
  /** Ends the waiting for a credential. */
  readonly signal: AbortSignal;
}

/** A request that is ready to leave, or cannot. */
export type Prepared =
  | {
      readonly kind: 'ready';
      /** SHA-256, hex, of method, URL, body and declared headers, without the credential. Equal calls have equal ones. */
      readonly digest: string;
      readonly send: (options: SendOptions) => Promise<Execution>;
    }
  /** A value that cannot be encoded, or a credential that cannot be had: `not-sent`. */
  | { readonly kind: 'refused'; readonly execution: Extract<Execution, { readonly kind: 'not-sent' }> };

export interface SendOptions {
  readonly signal: AbortSignal;
  /**
   * The claim still holds. Asked before every attempt of a write, when a connection stands and just before the first
   * byte leaves, and again within a large body: a server that was held up meanwhile sends nothing late.
   */
  readonly mayStillSend: () => boolean;
}

export interface ConnectOptions extends SendOptions {
  /** What the tokens of its requests carry. */
  readonly scopes?: readonly string[] | undefined;
  readonly delegation?: Delegation | undefined;
}

/** One GET or HEAD that belongs to a call. */
export interface ReadInput {
  readonly request: RequestDeclaration;
  readonly scope: Scope;
  readonly settings: Settings;
  readonly delegation?: Delegation | undefined;
  readonly signal: AbortSignal;
}

export type ReadAnswer =
  /** Any status: what it means is for whoever asked. `body`: JSON, or text. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Headers;
      readonly body: JsonValue | undefined;
    }
  /** No usable answer. */
  | { readonly kind: 'failed'; readonly error: ErrorBody };

/** Caps that hold before anything is validated. */
export interface RequestLimits {
  readonly maxBodyBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
}
