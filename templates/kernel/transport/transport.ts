/** What a transport is handed, so that `start.ts` needs to know none of them. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Caller } from '../caller.ts';
import type { Logger } from '../handler.ts';
import type { OperationsDesk } from '../operations/desk.ts';
import type { Runtime } from '../runtime.ts';
import type { RequestLimits } from '../settings.ts';
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
