/**
 * What one call goes through, in order. The numbers are those of the call protocol; 2 belongs to the transport.
 */
import type { Caller } from '../caller.ts';
import { outcomeOf } from '../execution.ts';
import { authorize } from './authorize.ts';
import {
  UnknownTool,
  type Answer,
  type CheckedCall,
  type Kernel,
  type LoadedTool,
  type ToolCall,
  type Trail,
} from './call.ts';
import { cancelled, deadlineExceeded, Refusal, requestRateExceeded } from './errors.ts';
import { executeTool } from './execute-tool.ts';
import { readArguments } from './read-arguments.ts';
import { validateArguments } from './validate-arguments.ts';

/** Throws `Refusal` for what is refused before anything is executed, and `UnknownTool`. Step 15 is `reply.ts`. */
export async function callTool(kernel: Kernel, call: ToolCall, trail: Trail): Promise<Answer> {
  const loaded = findTool(kernel, call.name); // 3
  trail.loaded = loaded;
  trail.arguments = readArguments(call.arguments, kernel.settings.limits); // 1
  const validators = await loaded.validators();
  const args = validateArguments(loaded.tool, validators.input, trail.arguments); // 4
  authorize(loaded.tool, call.caller, kernel.settings); // 5
  await admit(kernel, call.caller); // 6
  if (call.signal?.aborted) throw new Refusal(cancelled());
  const checked = { kernel, call, trail, loaded, validators, args };
  const { idempotency } = loaded.tool.policy;
  if (idempotency === undefined) return read(checked); // 12, 13
  if (kernel.writePath === undefined) throw new Error(`${call.name} cannot write: the server has no write path`);
  return kernel.writePath.write(checked, idempotency); // 7 to 14: the list in `write-path.ts`
}

function findTool(kernel: Kernel, name: string): LoadedTool {
  const loaded = kernel.tools.get(name);
  if (loaded === undefined) throw new UnknownTool(name);
  return loaded;
}

async function admit({ requestRate }: Kernel, caller: Caller): Promise<void> {
  const retryAfterMs = await requestRate?.admit(caller);
  if (requestRate === undefined || retryAfterMs === undefined) return;
  throw new Refusal(requestRateExceeded(requestRate.perMinute, retryAfterMs));
}

/** Reads never touch the store, and end when the client no longer waits. */
async function read(checked: CheckedCall): Promise<Answer> {
  const ending = await executeTool(checked, { args: checked.args, cancelled: checked.call.signal });
  switch (ending.kind) {
    case 'finished':
      return { outcome: outcomeOf(ending.execution) };
    case 'deadline':
      return { outcome: { ok: false, error: deadlineExceeded() } };
    case 'cancelled':
      throw new Refusal(cancelled());
  }
}
