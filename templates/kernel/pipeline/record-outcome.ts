/** Step 14: the operation's end, on record. The caller's answer does not depend on it, only what it says about itself. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Operation } from '../idempotency/operation.ts';
import { StoreUnavailable, type OperationStore } from '../idempotency/store.ts';
import type { Kernel } from './call.ts';
import type { Conclusion } from './conclude.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

interface Recording {
  readonly store: OperationStore;
  readonly kernel: Pick<Kernel, 'settings' | 'log' | 'background'>;
}

/** `false`: the outcome is not on record, or not yet. */
export async function recordOutcome(at: Recording, operation: Operation, conclusion: Conclusion): Promise<boolean> {
  try {
    return await record(at, operation, conclusion);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    at.kernel.log.error('The outcome of an operation could not be recorded', about(operation, conclusion));
    at.kernel.background(keepTrying(at, operation, conclusion));
    return conclusion.state !== 'done';
  }
}

/** Gives the key back, as nothing was sent; where that fails, the lease ends by itself. */
export async function releaseClaim(store: OperationStore, operation: Operation): Promise<void> {
  try {
    await store.release(operation);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

async function record({ store, kernel }: Recording, operation: Operation, conclusion: Conclusion): Promise<boolean> {
  if (conclusion.state === 'released') await store.release(operation);
  else if (conclusion.state === 'unknown') await store.recordUnknown(operation);
  else {
    const result = await store.recordOutcome(operation, conclusion.kept ?? conclusion.answer);
    if (result !== 'recorded') {
      kernel.log.warn(`The outcome of an operation came ${result}`, about(operation, conclusion));
    }
    return result !== 'lost';
  }
  return true;
}

/** Until the lease ends: then the operation is UNKNOWN, and a person has to look. */
async function keepTrying(at: Recording, operation: Operation, conclusion: Conclusion): Promise<void> {
  const latest = performance.now() + at.kernel.settings.leaseMs;
  for (let pause = FIRST_PAUSE_MS; performance.now() + pause < latest; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    await sleep(pause);
    try {
      await record(at, operation, conclusion);
      return;
    } catch {
      // The next round tries again; the end is in the log either way.
    }
  }
  at.kernel.log.error('The outcome of an operation was never recorded', about(operation, conclusion));
}

function about(operation: Operation, { state }: Conclusion) {
  return { tool: operation.tool, operation_id: operation.id, state };
}
