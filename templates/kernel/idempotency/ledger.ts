/** What a kind of store has to do; everything else about operations is the same for all (`operation-store.ts`). */
import type { Operation } from './operation.ts';
import type { Entry, Epoch, Keep, ListQuery } from './store.ts';
import type { Change, Current, Moment } from './transitions/moment.ts';

/** Decides on an operation and a moment what is to be written. Pure: it may be asked more than once. */
export type Decide<Result> = (current: Current, at: Moment) => Change<Result>;

/** Every method rejects with `StoreUnavailable` where the store fails. */
export interface Ledger {
  /**
   * Reads the operation under a key, decides, and writes operation, charges and entry, as one step that nothing comes
   * between. It is on disk when this resolves. A claim, that is a state of `claimed` under a fence that the operation
   * did not have, is decided with `lastFence` such that its fence is new and the highest. The entry is written where
   * the operation changes.
   */
  change<Result>(key: string, decide: Decide<Result>, entry?: Entry): Promise<Result>;
  /** Reads without waiting for anybody. */
  look(
    by: { readonly key: string } | { readonly id: string },
  ): Promise<{ readonly found: Current; readonly at: Moment }>;
  /** By `shelfOf` as it was when the operation was written, those changed last first. */
  list(query: ListQuery): Promise<readonly Operation[]>;
  reap(keep: Keep): Promise<number>;
  entries(olderThanMs: number, idPrefix: string): Promise<readonly Entry[]>;
  removeEntries(ids: readonly string[]): Promise<void>;
  /** Ends the hold, or begins one and with it a new epoch. */
  hold(held: boolean): Promise<Epoch>;
  now(): Promise<number>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
