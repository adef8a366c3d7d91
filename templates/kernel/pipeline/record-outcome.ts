/** Step 14: the operation's end, on record. The caller's answer does not depend on it, only what it says about itself. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Operation } from '../idempotency/operation.ts';
import { StoreUnavailable, type Entry, type OperationStore } from '../idempotency/store.ts';
import type { Kernel } from './call.ts';
import type { Conclusion } from './conclude.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

interface Recording {
  readonly store: OperationStore;
  readonly kernel: Pick<Kernel, 'settings' | 'log' | 'background'>;
}

/** How an execution ended, or that it never began; and the audit event that goes on record with it. */
type End = (Conclusion | { readonly state: 'released'; readonly certain?: boolean }) & { readonly entry?: Entry };

/** `false`: the outcome is not on record, or not yet. */
export async function recordOutcome(at: Recording, operation: Operation, end: End): Promise<boolean> {
  try {
    return await record(at, operation, end);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    at.kernel.log.error('The outcome of an operation could not be recorded', about(operation, end));
    at.kernel.background(keepTrying(at, operation, end));
    return end.state !== 'done';
  }
}

async function record({ store, kernel }: Recording, operation: Operation, end: End): Promise<boolean> {
  const { entry } = end;
  if (end.state === 'released') await store.release(operation, { certain: end.certain ?? false, entry });
  else if (end.state === 'unknown') await store.recordUnknown(operation, entry);
  else {
    const result = await store.recordOutcome(operation, end.kept ?? end.answer, entry);
    if (result !== 'recorded') {
      kernel.log.warn(`The outcome of an operation came ${result}`, about(operation, end));
    }
    return result !== 'lost';
  }
  return true;
}

/** Until the lease ends: then the operation is UNKNOWN, and a person has to look. */
async function keepTrying(at: Recording, operation: Operation, end: End): Promise<void> {
  const latest = performance.now() + at.kernel.settings.leaseMs;
  for (let pause = FIRST_PAUSE_MS; performance.now() + pause < latest; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    await sleep(pause);
    try {
      await record(at, operation, end);
      return;
    } catch {
      // The next round tries again; the end is in the log either way.
    }
  }
  at.kernel.log.error('The outcome of an operation was never recorded', about(operation, end));
}

function about(operation: Operation, { state }: End) {
  return { tool: operation.tool, operation_id: operation.id, state };
}
