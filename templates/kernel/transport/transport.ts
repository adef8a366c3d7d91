/** What a transport is handed, so that `start.ts` needs to know none of them. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

import type { CallToolResult, InputRequiredResult, Server, ServerContext } from '@modelcontextprotocol/server';

import type { Caller } from '../caller.ts';
import type { Environment } from '../config/environment.ts';
import type { Delegation } from '../delegation.ts';
import type { Logger } from '../handler.ts';
import type { OperationsDesk } from '../operations/desk.ts';
import type { Runtime, ToolCall } from '../runtime.ts';
import type { RequestLimits, RequestStateSettings } from '../settings.ts';
import type { AuthDeclaration, ServerDeclaration } from '../tool.ts';

/** A server that is ready to be reached. */
export interface Serving {
  readonly server: ServerDeclaration;
  readonly runtime: Runtime;
  /** On stdio, and over HTTP where there is no guard. */
  readonly caller: Caller;
  /** Present where callers who come over HTTP sign in. */
  readonly guard?: Guard | undefined;
  readonly limits: RequestLimits;
  readonly log: Logger;
  /** Rejects while the server cannot do its work; for readiness. */
  readonly checkReady: () => Promise<void>;
  /** Present where operators may come over HTTP. */
  readonly operations?: ServeOperations | undefined;
  /** Present where some tool asks its caller for a yes. */
  readonly callAsking?: CallAsking | undefined;
}

/** A refusal at the door of the HTTP transport: a JSON-RPC error that belongs to no request. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** JSON-RPC code; absent: −32000, a server error. */
  readonly code?: number;
  readonly headers?: OutgoingHttpHeaders;
}

/** Who a request is from. */
export interface Identity {
  readonly caller: Caller;
  readonly delegation?: Delegation;
}

export type Identified =
  | { readonly kind: 'identified'; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Asks who comes over HTTP. */
export interface Guard {
  /** What a client is told that has yet to sign in (RFC 9728); `undefined` where the path is not of that. */
  readonly metadata: (path: string) => object | undefined;
  readonly identify: (request: IncomingMessage) => Promise<Identified>;
  /** `WWW-Authenticate` for a caller who needs these scopes. */
  readonly challenge: (scopes: readonly string[]) => string;
}

/** Reads how callers sign in. Notes in the environment what is wrong with it. */
export type SignIn = (server: ServerDeclaration, auth: AuthDeclaration, environment: Environment) => SignInSettings;

export interface SignInSettings {
  readonly issuer: string;
  /** The URL under which clients know this server. */
  readonly audience: string;
  readonly prepare: (log: Logger) => Guard;
}

/** What only a server has where some tool asks its caller for a yes. */
export interface CallerApproval {
  /** The environment variable that it reads, and its meaning. */
  readonly variable: readonly [name: string, meaning: string];
  /** Notes in the environment what is wrong with it. */
  readonly readSettings: (environment: Environment) => RequestStateSettings;
  readonly prepare: (serving: Pick<Serving, 'runtime' | 'log'>, settings: RequestStateSettings) => CallAsking;
}

/** Makes a call. Where its caller has to agree first, they are asked in the client, if it can do that. */
export type CallAsking = (call: ToolCall, client: ClientOfCall) => Promise<CallToolResult | InputRequiredResult>;

/** The protocol instance that a call came to, and what the SDK knows of the call. */
export interface ClientOfCall {
  readonly protocol: Server;
  readonly context: ServerContext;
}

/** Answers a request for `/operations` or below, which passed the gate. */
export type ServeOperations = (request: IncomingMessage, response: ServerResponse, caller: Caller) => Promise<void>;

/** Makes what answers requests of operators. */
export type OperationsOverHttp = (desk: OperationsDesk, limits: RequestLimits) => ServeOperations;

/** Where and for whom Streamable HTTP listens. */
export interface HttpSettings {
  /** An IP address or `localhost`. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Host names, without ports, that the `Host` header may carry. */
  readonly allowedHosts: readonly string[];
  /** Host names, without schemes and ports, that an `Origin` header may carry. */
  readonly allowedOrigins: readonly string[];
}

/** Serves until the client leaves or the process is told to stop; then resolves. */
export type ServeStdio = (serving: Serving) => Promise<void>;
/** Serves until the process is told to stop; then resolves. */
export type ServeHttp = (serving: Serving, settings: HttpSettings) => Promise<void>;
