/** The calls that a store gets for one key, what each answers, and what it has to answer by the transition table. */
import type { AfterUnknown, BeginResult, Claim } from '../../../templates/kernel/idempotency/claim.ts';
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import * as transitions from '../../../templates/kernel/idempotency/transitions.ts';
import type { Pick } from '../spelling.ts';

export type StoreCall =
  | { readonly kind: 'begin' | 'peek'; readonly claim: Claim }
  | { readonly kind: 'markSent'; readonly fence: number; readonly digest: string }
  | { readonly kind: 'release'; readonly fence: number; readonly certain: boolean }
  | { readonly kind: 'recordUnknown'; readonly fence: number }
  | { readonly kind: 'startStep' | 'finishStep'; readonly fence: number; readonly name: string }
  | { readonly kind: 'recordOutcome'; readonly fence: number; readonly result: string }
  /** The lease runs out. */
  | { readonly kind: 'expire' };

/** A store as one of several processes has it. */
export interface StoreAccess {
  readonly store: OperationStore;
  /** Absent where nobody but the clock can end a lease; then none ends. */
  readonly expire?: ((key: string) => Promise<void>) | undefined;
}

/** What the transition table knows of one key. */
export interface Sequential {
  readonly row: Operation | undefined;
  readonly lastFence: number;
}

/** Leases end when a call says so, and never by themselves. */
export const LEASE_MS = 1_000_000;
const RETENTION_MS = Number.MAX_SAFE_INTEGER;

export interface Known {
  readonly expires: boolean;
  readonly key: string;
  /** Of this process's last claim, and of anybody's; 0 where there was none. */
  readonly fences: readonly [own: number, latest: number];
  readonly id: string;
  readonly afterUnknown: AfterUnknown;
}

const CLAIM = {
  tool: 'tool',
  subject: 'ada',
  tenant: null,
  asked: { arguments: {}, complete: true },
  leaseMs: LEASE_MS,
  approval: null,
  caps: [],
  irreversible: false,
} as const;

/** A call that a process may make next; mostly with a fence of its own, sometimes with somebody else's. */
export function nextCall({ key, fences, id, afterUnknown, expires }: Known, pick: Pick): StoreCall {
  const fingerprint = pick(8) === 0 ? 'other arguments' : 'arguments';
  const claim: Claim = { ...CLAIM, id, key, fingerprint, afterUnknown };
  const fence = fences[pick(4) === 0 ? 1 : 0];
  if (fence === 0 || pick(3) === 0) return { kind: pick(8) === 0 ? 'peek' : 'begin', claim };
  const kind = KINDS[pick(KINDS.length)] ?? 'release';
  switch (kind) {
    case 'expire':
      return expires ? { kind } : { kind: 'release', fence, certain: false };
    case 'recordOutcome':
      return { kind, fence, result: JSON.stringify({ by: id }) };
    case 'markSent':
      return { kind, fence, digest: pick(4) === 0 ? 'other request' : 'request' };
    case 'release':
      return { kind, fence, certain: pick(2) === 0 };
    case 'startStep':
    case 'finishStep':
      return { kind, fence, name: 'step' };
    case 'recordUnknown':
      return { kind, fence };
  }
}

/** Leases end often: what only happens once the key has a new holder would hardly ever be tried. */
const KINDS = [
  ...(['expire', 'expire', 'expire', 'markSent', 'markSent', 'recordOutcome'] as const),
  ...(['release', 'recordUnknown', 'startStep', 'finishStep'] as const),
];

/** Makes the call; what is answered as text, without what depends on the clock. */
export async function perform({ store, expire }: StoreAccess, key: string, call: StoreCall): Promise<string> {
  switch (call.kind) {
    case 'begin':
      return answerOf(await store.begin(call.claim));
    case 'peek':
      return answerOfPeek(await store.peek(call.claim));
    case 'markSent':
      return store.markSent({ key, fence: call.fence }, call.digest);
    case 'recordOutcome':
      return store.recordOutcome({ key, fence: call.fence }, { ok: true, result: call.result });
    case 'release':
      return String(await store.release({ key, fence: call.fence }, { certain: call.certain }));
    case 'recordUnknown':
      return String(await store.recordUnknown({ key, fence: call.fence }));
    case 'startStep':
      return String(await store.startStep({ key, fence: call.fence }, call.name));
    case 'finishStep':
      return String(await store.finishStep({ key, fence: call.fence }, stepResultOf(call.name)));
    case 'expire':
      return String(await expire?.(key));
  }
}

const stepResultOf = (name: string) => ({ name, result: { made: name }, between: true });

/** `peek` as `operation-store.ts` tells it. */
export function answerToPeek(row: Operation | undefined, claim: Claim, moment: transitions.Moment) {
  if (row === undefined || row.state === 'released') return undefined;
  const { result } = transitions.begin(row, claim, moment);
  return result.operation.id === claim.id ? undefined : result;
}

/**
 * The same call, had it been the only one at its time. The fence that it was `given` need not be the next one, as
 * long as it is higher than all before.
 */
export function performSequentially(
  { row, lastFence }: Sequential,
  { key, call, given }: { readonly key: string; readonly call: StoreCall; readonly given?: number | undefined },
): { readonly next: Sequential; readonly answer: string } {
  const now = 1;
  const moment = { now, lastFence, retentionMs: RETENTION_MS, held: false };
  const step = ({ next, result }: { readonly next: Operation | undefined; readonly result: unknown }) => ({
    next: { row: next, lastFence },
    answer: String(result),
  });
  const claimedBy = (fence: number) => ({ key, fence });
  switch (call.kind) {
    case 'begin': {
      const drawn = given === undefined ? moment : { ...moment, lastFence: Math.max(lastFence, given - 1) };
      const { next, result } = transitions.begin(row, call.claim, drawn);
      return { next: { row: next, lastFence: Math.max(lastFence, next?.fence ?? 0) }, answer: answerOf(result) };
    }
    case 'peek':
      return step({ next: row, result: answerOfPeek(answerToPeek(row, call.claim, moment)) });
    case 'recordOutcome': {
      const outcome = { ok: true, result: call.result } as const;
      return step(transitions.recordOutcome(row, { claimed: claimedBy(call.fence), outcome }, now));
    }
    case 'expire':
      return step({ next: row && { ...row, leaseUntil: 0 }, result: undefined });
    case 'markSent':
      return step(transitions.markSent(row, { claimed: claimedBy(call.fence), digest: call.digest }, now));
    case 'release':
      return step(transitions.release(row, { claimed: claimedBy(call.fence), certain: call.certain }, now));
    case 'recordUnknown':
      return step(transitions.recordUnknown(row, claimedBy(call.fence), now));
    case 'startStep':
      return step(transitions.startStep(row, { claimed: claimedBy(call.fence), name: call.name }, now));
    case 'finishStep': {
      const claimed = claimedBy(call.fence);
      return step(transitions.finishStep(row, { claimed, step: stepResultOf(call.name) }, now));
    }
  }
}

function answerOf(result: BeginResult | undefined): string {
  if (result === undefined) return 'nothing';
  const { kind, operation } = result;
  const { id, fence, state, fingerprint, outcome, inDoubt, steps, step } = operation;
  return JSON.stringify({ kind, id, fence, state, fingerprint, outcome, inDoubt, steps, step });
}

/** A fence that a claim would be given is given to another meanwhile, maybe. */
function answerOfPeek(result: BeginResult | undefined): string {
  return result?.kind === 'claimed' ? `would be claimed as ${result.operation.id}` : answerOf(result);
}

/** The fence that a `begin` was given, or `undefined`. */
export function fenceGiven(answer: string): number | undefined {
  return answer.startsWith('{"kind":"claimed"') ? Number(JSON.parse(answer).fence) : undefined;
}
