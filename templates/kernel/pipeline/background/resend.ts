/** Sends again what may have been sent before, to an upstream that has one effect per key. */
import type { ConclusionEvent } from '../../audit.ts';
import type { Operation } from '../../idempotency/operation.ts';
import type { OperationStore } from '../../idempotency/store.ts';
import type { Kernel, LoadedTool, ToolCall, Trail } from '../call.ts';
import { afterUnknown } from '../claim.ts';
import { conclusionEvent } from '../conclusion-event.ts';
import { instantNow } from '../elapsed.ts';
import { Refusal } from '../errors.ts';
import { executeClaimed } from '../execute-claimed.ts';

/** `true`: what became of the operation is known now. */
export async function resend(
  { kernel, store }: { readonly kernel: Kernel; readonly store: OperationStore },
  operation: Operation,
  loaded: LoadedTool,
): Promise<boolean> {
  const policy = loaded.tool.policy.idempotency;
  if (policy === undefined) return false;
  const recovery = afterUnknown(policy, kernel.settings);
  if (recovery.kind !== 'resend') return false;
  const { leaseMs } = kernel.settings;
  const since = instantNow();
  const claimed = await store.reclaim({ claimed: operation, leaseMs, withinMs: recovery.withinMs });
  if (claimed === undefined) return false;
  const args = operation.asked.arguments;
  const trail: Trail = { operationId: operation.id, startedAt: performance.now(), arguments: args, sent: false };
  const validators = await loaded.validators();
  const checked = { kernel, call: callOf(operation), trail, loaded, validators, args };
  let event: ConclusionEvent | undefined;
  try {
    const answer = await executeClaimed(
      { ...checked, store, policy },
      {
        operation: claimed,
        args,
        since,
        describe: ({ outcome }, state) => {
          event = conclusionEvent(operation, 'resend', { state, answer: outcome });
          return event;
        },
      },
    );
    return answer.outcome.ok || answer.outcome.error.executed !== 'unknown';
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  } finally {
    if (event !== undefined) kernel.deliver(event);
  }
}

/** The one who asked, and what they asked for; whether they may was settled then. */
function callOf({ tool, subject, tenant, asked }: Operation): ToolCall {
  const nothing: ReadonlySet<string> = new Set();
  const caller = { subject, ...(tenant === null ? {} : { tenant }), run: 'recovery', scopes: nothing, roles: nothing };
  return { name: tool, arguments: asked.arguments, caller };
}
