/** Step 14: the operation's end, on record. The caller's answer does not depend on it, only what it says about itself. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Operation } from '../idempotency/operation.ts';
import { StoreUnavailable, type OperationStore } from '../idempotency/store.ts';
import type { Kernel } from './call.ts';
import type { Conclusion } from './conclude.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

/** `false`: the outcome is not on record, or not yet. */
export async function recordOutcome(kernel: Kernel, operation: Operation, conclusion: Conclusion): Promise<boolean> {
  const store = storeOf(kernel);
  try {
    return await write(store, operation, conclusion, kernel);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    kernel.log.error('The outcome of an operation could not be recorded', about(operation, conclusion));
    kernel.background(keepTrying(kernel, operation, conclusion));
    return conclusion.state !== 'done';
  }
}

/** Gives the key back, as nothing was sent; where that fails, the lease ends by itself. */
export async function releaseClaim(kernel: Kernel, operation: Operation): Promise<void> {
  try {
    await storeOf(kernel).release(operation);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

async function write(store: OperationStore, operation: Operation, conclusion: Conclusion, { log }: Kernel) {
  if (conclusion.state === 'released') await store.release(operation);
  else if (conclusion.state === 'unknown') await store.recordUnknown(operation);
  else {
    const recorded = await store.recordOutcome(operation, conclusion.kept ?? conclusion.answer);
    if (recorded !== 'recorded') log.warn(`The outcome of an operation came ${recorded}`, about(operation, conclusion));
    return recorded !== 'lost';
  }
  return true;
}

/** Until the lease ends: then the operation is UNKNOWN, and a person has to look. */
async function keepTrying(kernel: Kernel, operation: Operation, conclusion: Conclusion): Promise<void> {
  const latest = performance.now() + kernel.settings.leaseMs;
  for (let pause = FIRST_PAUSE_MS; performance.now() + pause < latest; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    await sleep(pause);
    try {
      await write(storeOf(kernel), operation, conclusion, kernel);
      return;
    } catch {
      // The next round tries again; the end is in the log either way.
    }
  }
  kernel.log.error('The outcome of an operation was never recorded', about(operation, conclusion));
}

function about(operation: Operation, { state }: Conclusion) {
  return { tool: operation.tool, operation_id: operation.id, state };
}

/** Every tool that writes was refused at start where there is no store. */
export function storeOf({ store }: Kernel): OperationStore {
  if (store === undefined) throw new StoreUnavailable('The server was started without an operation store');
  return store;
}
