/** Steps 7 and 9: what became of this operation before, and if nothing did, the claim to execute it. */
import type { BeginResult, Claim } from '../idempotency/claim.ts';
import { StoreUnavailable, type OperationStore } from '../idempotency/store.ts';
import { Refusal, storeUnavailable } from './errors.ts';

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
  if (found === undefined || found.kind === 'conflict') return undefined;
  return found.kind === 'claimed' ? store.begin(previous) : found;
}

/** What became of the operation so far: `claimed` where it would be taken over, `undefined` where it would begin. Throws `Refusal`. */
export async function lookBack(
  store: OperationStore,
  claim: Claim,
  previousKey: string | undefined,
): Promise<BeginResult | undefined> {
  return orRefuse(async () => {
    const found = await store.peek(claim);
    const before = found ?? (previousKey === undefined ? undefined : await store.peek({ ...claim, key: previousKey }));
    return found === undefined && before?.kind === 'conflict' ? undefined : before;
  });
}

/** Without its record an effect could happen twice: where the store fails, nothing is executed. */
export async function orRefuse<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreUnavailable) throw new Refusal(storeUnavailable());
    throw error;
  }
}
