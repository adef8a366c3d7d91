/** The store interface over any ledger: which transition each of its methods applies. */
import type { BeginResult, Claim } from './claim.ts';
import type { Ledger } from './ledger.ts';
import type { OperationStore } from './store.ts';
import * as transitions from './transitions.ts';

export function operationStore(ledger: Ledger): OperationStore {
  let highestFence = 0;
  const { reap, entries, removeEntries, hold, now, ping, close } = ledger;

  /** The key never changes, so that it can be looked up first. */
  async function keyOf(id: string): Promise<string | undefined> {
    return (await ledger.look({ id })).found?.key;
  }

  /** Fences only grow: one that was given before comes from a backup, which knows nothing of what was done since. */
  async function holdBack(claim: Claim, claimed: BeginResult): Promise<BeginResult> {
    await ledger.hold(true);
    if (!claim.irreversible) return claimed;
    const { operation } = claimed;
    await ledger.change(claim.key, (current, { now: at }) =>
      transitions.release(current, { claimed: operation, certain: false }, at),
    );
    return { kind: 'held', operation };
  }

  return {
    async begin(claim) {
      const { found, at } = await ledger.look({ key: claim.key });
      // Those of other servers, too: whoever claims seldom would else miss what was restored.
      highestFence = Math.max(highestFence, at.lastFence);
      const seen = transitions.begin(found, claim, at);
      // Most repeats change nothing, so that they need not wait for each other.
      if (seen.next === found) return seen.result;
      const known = highestFence;
      const result = await ledger.change(claim.key, (current, moment) => transitions.begin(current, claim, moment));
      if (result.kind !== 'claimed') return result;
      const { fence } = result.operation;
      const isRestored = fence <= known;
      highestFence = isRestored ? fence : Math.max(highestFence, fence);
      return isRestored ? holdBack(claim, result) : result;
    },
    async peek(claim) {
      const { found, at } = await ledger.look({ key: claim.key });
      return transitions.peek(found, claim, at);
    },
    markSent: (claimed, digest) =>
      ledger.change(claimed.key, (current, { now: at }) => transitions.markSent(current, { claimed, digest }, at)),
    extendLease: (claimed, leaseMs) =>
      ledger.change(claimed.key, (current, { now: at }) => transitions.extendLease(current, { claimed, leaseMs }, at)),
    startStep: (claimed, name) =>
      ledger.change(claimed.key, (current, { now: at }) => transitions.startStep(current, { claimed, name }, at)),
    finishStep: (claimed, step) =>
      ledger.change(claimed.key, (current, { now: at }) => transitions.finishStep(current, { claimed, step }, at)),
    recordOutcome: (claimed, outcome, entry) =>
      ledger.change(
        claimed.key,
        (current, { now: at }) => transitions.recordOutcome(current, { claimed, outcome }, at),
        entry,
      ),
    release: (claimed, { certain = false, entry } = {}) =>
      ledger.change(
        claimed.key,
        (current, { now: at }) => transitions.release(current, { claimed, certain }, at),
        entry,
      ),
    recordUnknown: (claimed, entry) =>
      ledger.change(claimed.key, (current, { now: at }) => transitions.recordUnknown(current, claimed, at), entry),
    lapse: (claimed, as, entry) =>
      ledger.change(claimed.key, (current, { now: at }) => transitions.lapse(current, { claimed, as }, at), entry),
    settle: (claimed, lookUp) =>
      ledger.change(
        claimed.key,
        (current, { now: at }) => transitions.settle(current, { claimed, lookUp }, at),
        lookUp.entry,
      ),
    reclaim: (asked) =>
      ledger.change(asked.claimed.key, (current, moment) => transitions.reclaim(current, asked, moment)),
    async decide(decision) {
      const key = await keyOf(decision.id);
      if (key === undefined) return 'not-found';
      return ledger.change(key, (current, at) => transitions.decide(current, decision, at), decision.entry);
    },
    async resolve(resolution) {
      const key = await keyOf(resolution.id);
      if (key === undefined) return 'not-found';
      return ledger.change(
        key,
        (current, { now: at }) => transitions.resolve(current, resolution, at),
        resolution.entry,
      );
    },
    async findById(id) {
      const { found, at } = await ledger.look({ id });
      return found && transitions.asOf(found, at.now);
    },
    async list(query) {
      const [operations, at] = [await ledger.list(query), await ledger.now()];
      return operations.map((operation) => transitions.asOf(operation, at));
    },
    reap,
    entries,
    removeEntries,
    hold,
    now,
    ping,
    close,
  };
}
