/** Makes a call to a store, and tells what it has to answer by the transition table. */
import type { BeginResult } from '../../../templates/kernel/idempotency/claim.ts';
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import * as transitions from '../../../templates/kernel/idempotency/transitions.ts';
import { LEASE_MS, type StoreCall } from './store-calls.ts';

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

const RETENTION_MS = Number.MAX_SAFE_INTEGER;

/** Makes the call; what is answered as text, without what depends on the clock. */
export async function perform({ store, expire }: StoreAccess, key: string, call: StoreCall): Promise<string> {
  if (call.kind === 'begin') return answerOf(await store.begin(call.claim));
  if (call.kind === 'peek') return answerOfPeek(await store.peek(call.claim));
  if (call.kind === 'expire') return String(await expire?.(key));
  const claimed = { key, fence: call.fence };
  switch (call.kind) {
    case 'markSent':
      return store.markSent(claimed, call.digest);
    case 'recordOutcome':
      return store.recordOutcome(claimed, { ok: true, result: call.result });
    case 'release':
      return String(await store.release(claimed, { certain: call.certain }));
    case 'recordUnknown':
      return String(await store.recordUnknown(claimed));
    case 'startStep':
      return String(await store.startStep(claimed, call.name));
    case 'finishStep':
      return String(await store.finishStep(claimed, stepResultOf(call.name)));
    case 'extendLease':
      return String(await store.extendLease(claimed, LEASE_MS));
    case 'lapse':
      return String(await store.lapse(claimed, call.as));
    case 'settle':
      return String(await store.settle(claimed, LOOK_UP));
    case 'reclaim':
      return answerOfReclaim(await store.reclaim({ claimed, ...RECLAIM }));
  }
}

const stepResultOf = (name: string) => ({ name, result: { made: name }, between: true });
const LOOK_UP = { settleMs: 0, lookedAt: Number.MAX_SAFE_INTEGER };
const RECLAIM = { leaseMs: LEASE_MS, withinMs: Number.MAX_SAFE_INTEGER };

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
  const drawn = given === undefined ? moment : { ...moment, lastFence: Math.max(lastFence, given - 1) };
  const step = ({ next, result }: { readonly next: Operation | undefined; readonly result: unknown }) => ({
    next: { row: next, lastFence: Math.max(lastFence, next?.fence ?? 0) },
    answer: String(result),
  });
  if (call.kind === 'begin') {
    const { next, result } = transitions.begin(row, call.claim, drawn);
    return step({ next, result: answerOf(result) });
  }
  if (call.kind === 'peek') return step({ next: row, result: answerOfPeek(transitions.peek(row, call.claim, moment)) });
  if (call.kind === 'expire') return step({ next: row && { ...row, leaseUntil: 0 }, result: undefined });
  const claimed = { key, fence: call.fence };
  switch (call.kind) {
    case 'recordOutcome': {
      const outcome = { ok: true, result: call.result } as const;
      return step(transitions.recordOutcome(row, { claimed, outcome }, now));
    }
    case 'markSent':
      return step(transitions.markSent(row, { claimed, digest: call.digest }, now));
    case 'release':
      return step(transitions.release(row, { claimed, certain: call.certain }, now));
    case 'recordUnknown':
      return step(transitions.recordUnknown(row, claimed, now));
    case 'startStep':
      return step(transitions.startStep(row, { claimed, name: call.name }, now));
    case 'finishStep':
      return step(transitions.finishStep(row, { claimed, step: stepResultOf(call.name) }, now));
    case 'extendLease':
      return step(transitions.extendLease(row, { claimed, leaseMs: LEASE_MS }, now));
    case 'lapse':
      return step(transitions.lapse(row, { claimed, as: call.as }, now));
    case 'settle':
      return step(transitions.settle(row, { claimed, lookUp: LOOK_UP }, now));
    case 'reclaim': {
      const { next, result } = transitions.reclaim(row, { claimed, ...RECLAIM }, drawn);
      return step({ next, result: answerOfReclaim(result) });
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

function answerOfReclaim(operation: Operation | undefined): string {
  return operation === undefined ? 'nothing' : answerOf({ kind: 'claimed', operation });
}

/** The fence that a `begin` or `reclaim` was given, or `undefined`. */
export function fenceGiven(answer: string): number | undefined {
  return answer.startsWith('{"kind":"claimed"') ? Number(JSON.parse(answer).fence) : undefined;
}
