/** Finds out, where the tool says how, what became of an operation that is UNKNOWN. */
import type { Delegation } from '../delegation.ts';
import type { Principal } from '../handler.ts';
import type { Operation } from '../idempotency/operation.ts';
import type { OperationStore } from '../idempotency/store.ts';
import type { JsonObject } from '../json.ts';
import type { Lookup } from '../policy.ts';
import type { Tool, ToolValidators } from '../tool.ts';
import { entryOf } from './audit-entry.ts';
import type { Kernel } from './call.ts';
import { conclusionEvent } from './conclusion-event.ts';
import { foundConclusion } from './finish.ts';
import { lookUp } from './look-up.ts';

interface Recovery {
  readonly kernel: Kernel;
  readonly tool: Tool;
  readonly validators: ToolValidators;
  readonly store: OperationStore;
  readonly signal: AbortSignal;
}

interface Doubtful {
  /** As it reads now: UNKNOWN. */
  readonly operation: Operation;
  readonly args: JsonObject;
  readonly principal: Principal;
  /** Absent where nobody is there who asks. */
  readonly delegation?: Delegation | undefined;
}

/** Reads only, and only once whatever was sent had time to be applied. */
export async function findOut(recovery: Recovery, doubtful: Doubtful): Promise<void> {
  const { operation, args, principal, delegation } = doubtful;
  const { kernel, tool, validators, store, signal } = recovery;
  const lookup = lookupOf(tool);
  if (lookup === undefined) return;
  const lookedAt = await store.now();
  if (operation.updatedAt + lookup.settleMs > lookedAt) return;
  const scope = { args, principal, operationKey: operation.key };
  const found = await lookUp(kernel, lookup, { scope, validators, delegation, signal });
  switch (found.kind) {
    case 'failed':
      return;
    case 'found': {
      const conclusion = foundConclusion(found.result, operation);
      const event = conclusionEvent(operation, 'look_up', conclusion);
      const recorded = await store.recordOutcome(operation, conclusion.kept ?? conclusion.answer, entryOf(event));
      if (recorded !== 'lost') kernel.deliver(event);
      return;
    }
    case 'not-found': {
      const event = conclusionEvent(operation, 'look_up', { state: 'released' });
      const { settleMs } = lookup;
      if (await store.settle(operation, { settleMs, lookedAt, entry: entryOf(event) })) kernel.deliver(event);
    }
  }
}

export function lookupOf({ policy: { idempotency } }: Tool): Lookup | undefined {
  return idempotency === undefined || idempotency.strategy === 'natural' ? undefined : idempotency.lookup;
}
