/** The calls that a store gets for one key, what each answers, and what it has to answer by the transition table. */
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { BeginResult, Claim, OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import * as transitions from '../../../templates/kernel/idempotency/transitions.ts';
import type { Pick } from '../spelling.ts';

export type StoreCall =
  | { readonly kind: 'begin' | 'peek'; readonly claim: Claim }
  | { readonly kind: 'markSent' | 'release' | 'recordUnknown'; readonly fence: number }
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
  readonly sendAgain: boolean;
}

/** A call that a process may make next; mostly with a fence of its own, sometimes with somebody else's. */
export function nextCall({ key, fences, id, sendAgain, expires }: Known, pick: Pick): StoreCall {
  const fingerprint = pick(8) === 0 ? 'other arguments' : 'arguments';
  const claim = { id, key, fingerprint, tool: 'tool', subject: 'ada', tenant: null, leaseMs: LEASE_MS, sendAgain };
  const fence = fences[pick(4) === 0 ? 1 : 0];
  if (fence === 0 || pick(3) === 0) return { kind: pick(8) === 0 ? 'peek' : 'begin', claim };
  const kind = KINDS[pick(KINDS.length)] ?? 'release';
  if (kind === 'expire') return expires ? { kind } : { kind: 'release', fence };
  return kind === 'recordOutcome' ? { kind, fence, result: JSON.stringify({ by: id }) } : { kind, fence };
}

/** Leases end often: what only happens once the key has a new holder would hardly ever be tried. */
const KINDS = [
  'expire',
  'expire',
  'expire',
  'markSent',
  'markSent',
  'recordOutcome',
  'release',
  'recordUnknown',
] as const;

/** Makes the call; what is answered as text, without what depends on the clock. */
export async function perform({ store, expire }: StoreAccess, key: string, call: StoreCall): Promise<string> {
  switch (call.kind) {
    case 'begin':
      return answerOf(await store.begin(call.claim));
    case 'peek':
      return answerOf(await store.peek(call.claim));
    case 'markSent':
      return String(await store.markSent({ key, fence: call.fence }));
    case 'recordOutcome':
      return store.recordOutcome({ key, fence: call.fence }, { ok: true, result: call.result });
    case 'release':
      return String(await store.release({ key, fence: call.fence }));
    case 'recordUnknown':
      return String(await store.recordUnknown({ key, fence: call.fence }));
    case 'expire':
      return String(await expire?.(key));
  }
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
  const moment = { now, lastFence, retentionMs: RETENTION_MS };
  const step = (next: Operation | undefined, answer: unknown) => ({
    next: { row: next, lastFence },
    answer: String(answer),
  });
  switch (call.kind) {
    case 'begin': {
      const drawn = given === undefined ? moment : { ...moment, lastFence: Math.max(lastFence, given - 1) };
      const { next, result } = transitions.begin(row, call.claim, drawn);
      return { next: { row: next, lastFence: Math.max(lastFence, next.fence) }, answer: answerOf(result) };
    }
    case 'peek': {
      const { result } = transitions.begin(row, call.claim, moment);
      return step(row, answerOf(result.kind === 'claimed' ? undefined : result));
    }
    case 'recordOutcome': {
      const outcome = { ok: true, result: call.result } as const;
      const { next, result } = transitions.recordOutcome(row, { claimed: { key, fence: call.fence }, outcome }, now);
      return step(next, result);
    }
    case 'expire':
      return step(row && { ...row, leaseUntil: 0 }, undefined);
    case 'markSent': {
      const { next, result } = transitions.markSent(row, { key, fence: call.fence }, now);
      return step(next, result);
    }
    case 'release':
      return step(transitions.release(row, { key, fence: call.fence }, now).next, undefined);
    case 'recordUnknown':
      return step(transitions.recordUnknown(row, { key, fence: call.fence }, now).next, undefined);
  }
}

function answerOf(result: BeginResult | undefined): string {
  if (result === undefined) return 'nothing';
  const { kind, operation } = result;
  const { id, fence, state, fingerprint, outcome } = operation;
  return JSON.stringify({ kind, id, fence, state, fingerprint, outcome });
}

/** The fence that a `begin` was given, or `undefined`. */
export function fenceGiven(answer: string): number | undefined {
  return answer.startsWith('{"kind":"claimed"') ? Number(JSON.parse(answer).fence) : undefined;
}
