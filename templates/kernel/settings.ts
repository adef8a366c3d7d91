/** The server's settings, read once from the environment (see `config.ts`). */
import type { UpstreamDeclaration } from './tool.ts';

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

/** Caps that hold before anything is validated. */
export interface RequestLimits {
  readonly maxBodyBytes: number;
  readonly maxDepth: number;
  readonly maxElements: number;
}
