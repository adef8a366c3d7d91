/** Who may call a tool, what makes a repeated call safe, and what bounds its effects. */
import type { Expression, Text } from './expression.ts';
import type { RequestDeclaration } from './tool.ts';

export type Mutability = 'read-only' | 'additive' | 'destructive' | 'irreversible';

/** Who may call a tool, and what makes a repeated call safe. */
export interface Policy {
  readonly mutability: Mutability;
  /** All are needed; none only for a tool that the manifest calls public. */
  readonly scopes: readonly string[];
  /** At least one is needed, where there are any. */
  readonly roles: readonly string[];
  /** Its requests or its key name the caller's tenant: without one they would be about everybody's. */
  readonly needsTenant?: true;
  /** Present on every tool that is not read-only. */
  readonly idempotency?: IdempotencyPolicy;
  /** Who has to say yes before the call is executed. */
  readonly approval?: ApprovalPolicy;
  /** How often this tool may be executed. */
  readonly caps?: WriteCaps;
  /** JSON Pointers of arguments that audit may only show hashed (`x-sensitive`). */
  readonly sensitive: readonly string[];
}

export type IdempotencyPolicy =
  | ({
      /** `read-before-write`: the look-up comes first, and what it finds is the answer. */
      readonly strategy: 'derived-key' | 'read-before-write';
      readonly key: readonly Expression[];
      readonly occurrence?: Occurrence;
    } & RecoveryPolicy)
  | ({ readonly strategy: 'caller-key' } & RecoveryPolicy)
  /** Setting a value: sending again is safe. The key is the whole of the arguments. */
  | { readonly strategy: 'natural'; readonly recovery: 'send-again' };

/** What follows an outcome that nobody knows. */
export interface RecoveryPolicy {
  /**
   * - `quarantine`: a person finds out.
   * - `resend`: sent again under `upstreamKey`, while the upstream remembers it; later as with `lookup`, or quarantine.
   * - `look-up`: read back with `lookup`; what is not found was not executed.
   * - `resume`: the handler acts in steps only, so that whatever was not under way in a step goes on from there.
   */
  readonly recovery: 'quarantine' | 'resend' | 'look-up' | 'resume';
  readonly upstreamKey?: UpstreamKey;
  readonly lookup?: Lookup;
}

/** The upstream takes the operation's key, in the request's header or body, and has one effect per key. */
export interface UpstreamKey {
  /** How long it remembers a key, in milliseconds. */
  readonly retentionMs: number;
}

/** Reads back what happened. */
export interface Lookup {
  /** Reads, and nothing else. Its `result` is what the tool returns where the effect is found. */
  readonly request: RequestDeclaration;
  /** Condition on the body of the answer that holds where the effect exists; a name in the tool's `conditions`. */
  readonly found: string;
  /** How long the upstream may take to apply a request, in milliseconds. */
  readonly settleMs: number;
}

export interface ApprovalPolicy {
  /** Condition on the arguments, a name in the tool's `conditions`; absent: always. */
  readonly when?: string;
  /** The caller is asked in the client; an approver is somebody else who holds the scope. */
  readonly by: 'caller' | 'approver';
  /** Present where `by` is `approver`. */
  readonly scope?: string;
  readonly expiresMs: number;
  /** What the person reads. */
  readonly summary: Text;
}

/** How many writes may be executed. An hour and a day are those of UTC, by the store's clock. */
export interface WriteCaps {
  readonly perRun?: number;
  readonly perHour?: number;
  readonly perDay?: number;
  /** Whose calls are counted together. */
  readonly per: 'principal' | 'tenant' | 'server';
}

/** What sets two deliberate calls with equal key fields apart. */
export type Occurrence =
  | { readonly every: 'hour' | 'day' | 'week' | 'month'; readonly timezone: string }
  | { readonly argument: Expression };
