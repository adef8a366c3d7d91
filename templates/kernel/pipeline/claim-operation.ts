import type { BeginResult, Claim } from '../idempotency/claim.ts';
/** Steps 7 and 9: what became of this operation before, and if nothing did, the claim to execute it. */
import type { Operation } from '../idempotency/operation.ts';
import { StoreUnavailable, type OperationStore } from '../idempotency/store.ts';
import { inProgress, Refusal, storeUnavailable } from './errors.ts';

/** Claims the key. Where the window before is only just over, an operation of that window counts as this one. */
export async function claimOperation(
  store: OperationStore,
  claim: Claim,
  previousKey: string | undefined,
): Promise<BeginResult> {
  return orRefuse(async () => {
    if (previousKey === undefined) return store.begin(claim);
    const previous = { ...claim, key: previousKey };
    const before = (await store.peek(claim)) === undefined ? await findRepeated(store, previous) : undefined;
    if (before !== undefined) return before;
    const begun = await store.begin(claim);
    if (begun.kind !== 'claimed') return begun;
    // A call from the end of the window before may have claimed since.
    const meanwhile = await findRepeated(store, previous);
    if (meanwhile !== undefined) await store.release(begun.operation);
    return meanwhile ?? begun;
  });
}

async function findRepeated(store: OperationStore, previous: Claim): Promise<BeginResult | undefined> {
  const found = await store.peek(previous);
  return found?.kind === 'conflict' ? undefined : found;
}

/** The time that all processes agree on. Throws `Refusal`. */
export async function readClock(store: OperationStore): Promise<number> {
  return orRefuse(() => store.now());
}

/** Step 11: CLAIMED → SENT, on disk before the first byte leaves. Throws `Refusal` where nothing may be sent. */
export async function markSent(store: OperationStore, operation: Operation): Promise<void> {
  const marked = await orRefuse(() => store.markSent(operation, null));
  // The lease ran out in between, so that another call may have taken over; that one will know.
  if (marked !== 'sent') throw new Refusal(inProgress(operation.id, 1_000));
}

/** Without its record an effect could happen twice: where the store fails, nothing is executed. */
async function orRefuse<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new Refusal(storeUnavailable());
    throw error;
  }
}
