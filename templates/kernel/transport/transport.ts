/** What a transport is handed, so that `start.ts` needs to know none of them. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CallToolResult, InputRequiredResult, Server, ServerContext } from '@modelcontextprotocol/server';

import type { Caller } from '../caller.ts';
import type { Environment } from '../config/environment.ts';
import type { Logger } from '../handler.ts';
import type { OperationsDesk } from '../operations/desk.ts';
import type { Runtime, ToolCall } from '../runtime.ts';
import type { RequestLimits, RequestStateSettings } from '../settings.ts';
import type { ServerDeclaration } from '../tool.ts';

/** A server that is ready to be reached. */
export interface Serving {
  readonly server: ServerDeclaration;
  readonly runtime: Runtime;
  readonly caller: Caller;
  readonly limits: RequestLimits;
  readonly log: Logger;
  /** Rejects while the server cannot do its work; for readiness. */
  readonly checkReady: () => Promise<void>;
  /** Present where operators may come over HTTP. */
  readonly operations?: ServeOperations | undefined;
  /** Present where some tool asks its caller for a yes. */
  readonly callAsking?: CallAsking | undefined;
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
