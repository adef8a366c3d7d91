/** Steps 12 and 13: does what the tool does, within the call's deadline, and says how that ended. */
import type { Caller } from '../caller.ts';
import type { Execution } from '../execution.ts';
import type { JsonObject } from '../json.ts';
import type { ToolValidators } from '../tool.ts';
import { executeRequest } from '../upstream/execute-request.ts';
import type { Kernel, LoadedTool } from './call.ts';
import { describeError } from './describe-error.ts';
import { internal } from './errors.ts';
import { runHandler } from './run-handler.ts';

export interface Work {
  readonly loaded: LoadedTool;
  readonly validators: ToolValidators;
  readonly args: JsonObject;
  readonly caller: Caller;
  readonly operationId: string;
  /** Present for tools that write. */
  readonly operationKey?: string;
}

/** How long to wait for the work, and for whom to give up on it. */
export interface Patience {
  readonly ms: number;
  /** The client's; absent once something was sent. */
  readonly cancelled?: AbortSignal | undefined;
}

/** `late`: the work goes on without anybody waiting, and never rejects. */
export type Ending =
  | { readonly kind: 'finished'; readonly execution: Execution }
  | { readonly kind: 'deadline'; readonly late: Promise<Execution> }
  | { readonly kind: 'cancelled'; readonly late: Promise<Execution> };

/** Waits for the work until the deadline or the client's cancellation, then aborts it. */
export function executeTool(kernel: Kernel, work: Work, { ms, cancelled }: Patience): Promise<Ending> {
  const controller = new AbortController();
  const late = perform(kernel, work, controller.signal);
  return new Promise((resolve) => {
    const giveUp = (kind: 'deadline' | 'cancelled') => {
      finish({ kind, late });
      controller.abort();
    };
    const onCancel = () => giveUp('cancelled');
    const timer = setTimeout(() => giveUp('deadline'), ms);
    const finish = (ending: Ending) => {
      clearTimeout(timer);
      cancelled?.removeEventListener('abort', onCancel);
      resolve(ending);
    };
    if (cancelled?.aborted) onCancel();
    else cancelled?.addEventListener('abort', onCancel);
    void late.then((execution) => finish({ kind: 'finished', execution }));
  });
}

async function perform(kernel: Kernel, work: Work, signal: AbortSignal): Promise<Execution> {
  try {
    return await dispatch(kernel, work, signal);
  } catch (error) {
    const { operationId, loaded } = work;
    const tool = loaded.tool.definition.name;
    kernel.log.error('A tool failed unexpectedly', { tool, operation_id: operationId, ...describeError(error) });
    return work.operationKey === undefined
      ? { kind: 'rejected', error: internal(operationId, 'no'), terminal: false }
      : { kind: 'ambiguous', error: internal(operationId, 'unknown') };
  }
}

async function dispatch({ settings, log }: Kernel, work: Work, signal: AbortSignal): Promise<Execution> {
  const { loaded, validators, args, caller, operationId, operationKey } = work;
  const { tool, builtIn } = loaded;
  if (builtIn !== undefined) return builtIn(args, caller);
  const principal = { subject: caller.subject, ...(caller.tenant === undefined ? {} : { tenant: caller.tenant }) };
  if (tool.handler !== undefined) {
    const key = operationKey === undefined ? {} : { idempotencyKey: operationKey };
    return runHandler({ tool, handler: tool.handler, args, principal, operationId, ...key, settings, log, signal });
  }
  const repeatable = tool.policy.idempotency === undefined || tool.policy.idempotency.strategy === 'natural';
  const scope = { args, principal, ...(operationKey === undefined ? {} : { operationKey }) };
  return executeRequest({ tool, scope, settings, conditions: validators.conditions, repeatable, signal });
}
