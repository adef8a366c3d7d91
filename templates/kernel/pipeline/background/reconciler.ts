/** Looks after operations that nobody looks after any more. */
import { randomInt } from 'node:crypto';

import type { ConclusionEvent } from '../../audit.ts';
import type { Operation } from '../../idempotency/operation.ts';
import { StoreUnavailable, type LapsedAs, type OperationStore } from '../../idempotency/store.ts';
import type { RequestDeclaration } from '../../tool.ts';
import { entryOf } from '../audit-entry.ts';
import type { Kernel, LoadedTool } from '../call.ts';
import { conclusionEvent } from '../conclusion-event.ts';
import { idPrefixOf } from '../operation-id.ts';
import { findOut, lookupOf } from '../recover.ts';
import { resend } from './resend.ts';

/** Those that wait for a person stay among them, and must not crowd out the others. */
const MOST_AT_ONCE = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

interface Tries {
  readonly count: number;
  /** `performance.now()` */
  readonly notBefore: number;
}

/** One round. Several servers at once take the operations in different orders. */
export function createReconciler(kernel: Kernel, store: OperationStore): (stop: AbortSignal) => Promise<void> {
  let tries: ReadonlyMap<string, Tries> = new Map();

  return async (stop) => {
    const open = await store.list({ shelf: 'open', idPrefix: idPrefixOf(kernel.realm), limit: MOST_AT_ONCE });
    const now = await store.now();
    const next = new Map<string, Tries>();
    for (const operation of shuffled(open)) {
      if (stop.aborted) return;
      const before = tries.get(operation.id) ?? { count: 0, notBefore: 0 };
      const isDue = before.notBefore <= performance.now();
      if (isDue) await lookAfter({ kernel, store, now }, operation);
      // What is under way is not tried, so that it has not to wait once it is in doubt.
      const isTried = isDue && operation.state === 'unknown';
      next.set(operation.id, isTried ? triedAgain(before) : before);
    }
    tries = next;
  };
}

function triedAgain({ count }: Tries): Tries {
  return {
    count: count + 1,
    notBefore: performance.now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** count) * Math.random(),
  };
}

interface At {
  readonly kernel: Kernel;
  readonly store: OperationStore;
  readonly now: number;
}

/** What is wrong with one operation is no reason to leave the others alone. */
async function lookAfter(at: At, operation: Operation): Promise<void> {
  try {
    await lookAfterOne(at, operation);
  } catch (error) {
    if (error instanceof StoreUnavailable) throw error;
    const about = { tool: operation.tool, operation_id: operation.id };
    at.kernel.log.error('An operation could not be looked after', about, error);
  }
}

async function lookAfterOne(at: At, operation: Operation): Promise<void> {
  const loaded = at.kernel.tools.get(operation.tool);
  if (operation.state === 'claimed' && operation.leaseUntil <= at.now) await noteLapsed(at, operation, 'released');
  if (operation.state !== 'unknown' || loaded === undefined) return;
  if (operation.updatedAt === operation.leaseUntil) await noteLapsed(at, operation, 'unknown');
  if (operation.asked.complete) await recover(at, operation, loaded);
}

/**
 * Its server went without a word. `released`: nothing was sent, so the key is free. `unknown`: nobody has heard of this
 * doubt yet. The list may be old by now, and the server alive: the store looks again.
 */
async function noteLapsed({ kernel, store }: At, operation: Operation, as: LapsedAs): Promise<void> {
  const event: ConclusionEvent = conclusionEvent(operation, 'lapsed_claim', { state: as });
  if (await store.lapse(operation, as, entryOf(event))) kernel.deliver(event);
}

async function recover({ kernel, store }: At, operation: Operation, loaded: LoadedTool): Promise<void> {
  const { request } = loaded.tool;
  const lookup = lookupOf(loaded.tool);
  const isReadable = lookup !== undefined && !needsCaller(kernel, lookup.request);
  // A handler may send to any upstream, and what is looked up before it is sent again must be readable, too.
  const isSendable = !needsCaller(kernel, request) && (lookup === undefined || isReadable);
  if (isSendable && (await resend({ kernel, store }, operation, loaded))) return;
  if (!isReadable) return;
  const { subject, tenant } = operation;
  const principal = { subject, ...(tenant === null ? {} : { tenant }) };
  const validators = await loaded.validators();
  const signal = AbortSignal.timeout(kernel.settings.deadlineMs);
  const recovery = { kernel, tool: loaded.tool, validators, store, signal };
  await findOut(recovery, { operation, args: operation.asked.arguments, principal });
}

/** Nobody is there in whose name this could be sent: it is left for the caller's next call, or for a person. */
function needsCaller({ settings: { upstreams } }: Kernel, request: RequestDeclaration | undefined): boolean {
  const reached = request === undefined ? [...upstreams.values()] : [upstreams.get(request.upstream)];
  return reached.some((upstream) => upstream?.actsForCaller === true);
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  const ranked = items.map((item) => ({ item, rank: randomInt(2 ** 32) }));
  return ranked.sort((one, other) => one.rank - other.rank).map(({ item }) => item);
}
