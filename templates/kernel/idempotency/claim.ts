/** What a call asks its key for, and what it is told. */
import type { Outcome } from '../execution.ts';
import type { Asked, Operation } from './operation.ts';

export interface Claim {
  readonly id: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly tool: string;
  readonly subject: string;
  readonly tenant: string | null;
  readonly asked: Asked;
  readonly leaseMs: number;
  readonly afterUnknown: AfterUnknown;
  /** Present where a person has to say yes first. */
  readonly approval: ApprovalRequest | null;
  /** Charged when something new is claimed. */
  readonly caps: readonly Cap[];
  /** Not to be claimed while the store is held. */
  readonly irreversible: boolean;
}

/** Whether UNKNOWN may be claimed anew. */
export type AfterUnknown =
  | { readonly kind: 'quarantine' }
  /** Setting a value: always, and what is done is done again. */
  | { readonly kind: 'set-again' }
  /** The upstream has one effect per key while it remembers the key: this many milliseconds after the first sending. */
  | { readonly kind: 'resend'; readonly withinMs: number };

export interface ApprovalRequest {
  readonly by: 'caller' | 'approver';
  readonly scope: string | null;
  readonly summary: string;
  readonly expiresMs: number;
  /** The id of the operation that the caller was asked about and agreed to. */
  readonly consent: string | null;
  /** The caller was asked about this and said no: whatever yes stands, this call executes nothing. */
  readonly declined?: true;
}

/** At most so many effects. `counter` says whose and of which tool; hours and days are those of UTC. */
export interface Cap {
  readonly counter: string;
  readonly window: 'run' | 'hour' | 'day';
  readonly limit: number;
}

/** Names one claim: the key and the fence it was given. */
export interface Claimed {
  readonly key: string;
  readonly fence: number;
}

export type BeginResult =
  | { readonly kind: 'claimed'; readonly operation: Operation }
  | { readonly kind: 'done'; readonly operation: Operation; readonly outcome: Outcome }
  | { readonly kind: 'in-progress'; readonly operation: Operation; readonly retryAfterMs: number }
  | { readonly kind: 'conflict'; readonly operation: Operation }
  | { readonly kind: 'unknown'; readonly operation: Operation }
  | { readonly kind: 'approval-required'; readonly operation: Operation }
  | { readonly kind: 'denied'; readonly operation: Operation }
  /** The store was restored from a backup, and forgot what was done since: a person has to look first. */
  | { readonly kind: 'held'; readonly operation: Operation }
  /** Nothing was written. `endsInMs`: when the cap's window ends; a run has no end. */
  | {
      readonly kind: 'cap-exceeded';
      readonly operation: Operation;
      readonly cap: Cap;
      readonly endsInMs: number | null;
    };
