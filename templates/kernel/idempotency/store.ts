/** The one interface behind which operations are kept. Every store passes the same conformance suite. */
import type { Outcome } from '../execution.ts';
import type { JsonValue } from '../json.ts';
import type { WritePart } from '../settings.ts';
import type { BeginResult, Claim, Claimed } from './claim.ts';
import type { Operation, Shelf } from './operation.ts';

/** `changed`: what would be sent is not what was sent first under this key; the operation is UNKNOWN. */
export type SentResult = 'sent' | 'lost' | 'changed';
/** `late`: recorded although the operation had become UNKNOWN. `lost`: somebody else holds the key by now. */
export type RecordResult = 'recorded' | 'late' | 'lost';
/** What an operation comes to whose holder is gone: nothing was sent, or nobody knows. */
export type LapsedAs = 'released' | 'unknown';
/** `own`: nobody approves what they asked for. `by-caller`: the caller is asked in the client, and nobody else. */
export type DecideResult = 'decided' | 'not-found' | 'not-pending' | 'own' | 'by-caller';
export type ResolveResult = 'resolved' | 'not-found' | 'not-unknown';

/** An audit event that goes to the sink once the change that it tells of is on record. */
export interface Entry {
  readonly id: string;
  /** One line of JSON. */
  readonly text: string;
}

/** Every method may throw `StoreUnavailable`; the pipeline then fails closed. */
export interface OperationStore {
  /** Claims the key, or says what became of it. One atomic step, by the store's clock. */
  begin(claim: Claim): Promise<BeginResult>;
  /**
   * Looks a key up without claiming it: what `begin` would answer about an operation that was asked for before;
   * `undefined` where there is none, or none that still counts. `claimed`: it would be taken over.
   */
  peek(claim: Claim): Promise<BeginResult | undefined>;
  /** CLAIMED → SENT, durably. But for `sent`, nothing may be sent. `digest`: SHA-256 of the request. */
  markSent(claimed: Claimed, digest: string | null): Promise<SentResult>;
  /** The claim holds so much longer from now; `false`: it holds no more. */
  extendLease(claimed: Claimed, leaseMs: number): Promise<boolean>;
  /** A step of a handler begins: SENT from here on. `false`: the claim holds no more, so nothing may be done. */
  startStep(claimed: Claimed, name: string): Promise<boolean>;
  /** A step's result, on record. `between`: nothing happens between steps, so that the operation is CLAIMED again. */
  finishStep(claimed: Claimed, step: StepResult): Promise<boolean>;
  /** SENT → DONE. */
  recordOutcome(claimed: Claimed, outcome: Outcome, entry?: Entry): Promise<RecordResult>;
  /**
   * CLAIMED or SENT → released: provably nothing was executed; the key is free, the fence stays. Where an earlier
   * attempt is in doubt: UNKNOWN, unless `certain` says that this attempt settled that too.
   */
  release(
    claimed: Claimed,
    options?: { readonly certain?: boolean; readonly entry?: Entry | undefined },
  ): Promise<void>;
  /** SENT → UNKNOWN. */
  recordUnknown(claimed: Claimed, entry?: Entry): Promise<void>;
  /** What reads as lapsed is written down, by whoever finds it; `false` where it is otherwise by now. */
  lapse(claimed: Claimed, as: LapsedAs, entry?: Entry): Promise<boolean>;
  /** UNKNOWN → released: a look-up that began at `lookedAt`, so long after the last attempt, found nothing. */
  settle(claimed: Claimed, lookUp: LookUpResult): Promise<boolean>;
  /** UNKNOWN → CLAIMED, to send the same again; `undefined` where it is not UNKNOWN, or the window is over. */
  reclaim(reclaim: Reclaim): Promise<Operation | undefined>;
  /** A person says yes or no. */
  decide(decision: Decision): Promise<DecideResult>;
  /** A person says what happened. */
  resolve(resolution: Resolution): Promise<ResolveResult>;
  findById(id: string): Promise<Operation | undefined>;
  /** Operations whose ids begin so, those changed last first. */
  list(query: ListQuery): Promise<readonly Operation[]>;
  /** Removes finished operations past their time and counters of windows that ended; answers how many operations. */
  reap(keep: Keep): Promise<number>;
  /** Entries that nobody took out, older than so much, whose ids begin so; the oldest first, at most 100. */
  entries(olderThanMs: number, idPrefix: string): Promise<readonly Entry[]>;
  removeEntries(ids: readonly string[]): Promise<void>;
  /** Holds irreversible calls back, or lets them go again. A new epoch begins with every hold. */
  hold(held: boolean): Promise<Epoch>;
  /** Milliseconds since the epoch, by the store's clock: the one that all processes share. */
  now(): Promise<number>;
  /** Throws where the store cannot be used; for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export interface StepResult {
  readonly name: string;
  readonly result: JsonValue;
  readonly between: boolean;
}

export interface LookUpResult {
  readonly settleMs: number;
  readonly lookedAt: number;
  readonly entry?: Entry;
}

export interface Reclaim {
  readonly claimed: Claimed;
  readonly leaseMs: number;
  /** How long after the first sending the upstream surely remembers the key. */
  readonly withinMs: number;
}

export interface Decision {
  readonly id: string;
  readonly approve: boolean;
  readonly by: string;
  readonly entry?: Entry;
}

export interface Resolution {
  readonly id: string;
  /** `null`: it was not executed. */
  readonly outcome: Outcome | null;
  readonly by: string;
  readonly entry?: Entry;
}

export interface ListQuery {
  readonly shelf: Shelf;
  readonly idPrefix: string;
  /** Only these are answered, and count: it is asked of operations as they stand on record. Absent: of none. */
  readonly wanted?: (operation: Operation) => boolean;
  readonly limit: number;
}

/** The store since it was made, or last restored from a backup. */
export interface Epoch {
  /** Counts from 1. */
  readonly number: number;
  readonly held: boolean;
}

/** How long, in milliseconds after their last change, what is over is kept. */
export interface Keep {
  /** Only operations whose ids begin so: servers that share a store may keep theirs for longer. */
  readonly idPrefix: string;
  readonly finishedMs: number;
  readonly failedMs: number;
  /** At most so many at once. */
  readonly limit: number;
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
