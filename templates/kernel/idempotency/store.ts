/** The one interface behind which operations are kept. Every store passes the same conformance suite. */
import type { Outcome } from '../execution.ts';
import type { WritePart } from '../settings.ts';
import type { Operation } from './operation.ts';

export interface Claim {
  readonly id: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly tool: string;
  readonly subject: string;
  readonly tenant: string | null;
  readonly leaseMs: number;
  /** Sending again after an unknown outcome is safe: UNKNOWN may be claimed anew. */
  readonly sendAgain: boolean;
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
  | { readonly kind: 'unknown'; readonly operation: Operation };

/** `late`: recorded although the operation had become UNKNOWN. `lost`: somebody else holds the key by now. */
export type RecordResult = 'recorded' | 'late' | 'lost';

/** Every method may throw `StoreUnavailable`; the pipeline then fails closed. */
export interface OperationStore {
  /** Claims the key, or says what became of it. One atomic step, by the store's clock. */
  begin(claim: Claim): Promise<BeginResult>;
  /** Looks a key up without claiming it: what `begin` would find. */
  peek(claim: Claim): Promise<BeginResult | undefined>;
  /** CLAIMED → SENT, durably. `false`: the claim no longer holds, so nothing may be sent. */
  markSent(claimed: Claimed): Promise<boolean>;
  /** SENT → DONE. */
  recordOutcome(claimed: Claimed, outcome: Outcome): Promise<RecordResult>;
  /** CLAIMED or SENT → released: provably nothing was executed; the key is free, the fence stays. */
  release(claimed: Claimed): Promise<void>;
  /** SENT → UNKNOWN. */
  recordUnknown(claimed: Claimed): Promise<void>;
  findById(id: string): Promise<Operation | undefined>;
  /** Milliseconds since the epoch, by the store's clock: the one that all processes share. */
  now(): Promise<number>;
  /** Throws where the store cannot be used; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** One kind of store: how a server finds it, and how it is opened. Opening rejects with `StoreUnavailable`. */
export interface StoreKind extends Omit<WritePart, 'open'> {
  readonly open: (address: string, retentionMs: number) => Promise<OperationStore>;
}

/** The store cannot be reached or refused to answer; nothing is known to have changed. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** What a store's client throws says nothing that a caller may act on: busy, full, down and corrupt are one thing. */
export function unavailable(error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error;
  return new StoreUnavailable(`The operation store cannot be used: ${reasonOf(error)}`, { cause: error });
}

/** A host with several addresses fails with one error for each of them, and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
