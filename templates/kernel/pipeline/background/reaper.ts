/** Removes what is over and past its time, a few at a time, so that no call ever waits for it. */
import type { OperationStore } from '../../idempotency/store.ts';

/** Longer than any call that may still look for what ended just now. */
export const GRACE_MS = 60 * 60_000;
/** What failed for good is kept for people to look at. */
const REVIEW_MS = 30 * 24 * 60 * 60_000;
const AT_ONCE = 200;
const MOST_ROUNDS = 50;

/** Only what is of this server: another one may keep its operations for longer. */
export function createReaper(
  store: OperationStore,
  { idPrefix, retentionMs }: { readonly idPrefix: string; readonly retentionMs: number },
): () => Promise<void> {
  const finishedMs = retentionMs + GRACE_MS;
  const keep = { idPrefix, finishedMs, failedMs: Math.max(finishedMs, REVIEW_MS), limit: AT_ONCE };
  return async () => {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      if ((await store.reap(keep)) < AT_ONCE) return;
    }
  };
}
