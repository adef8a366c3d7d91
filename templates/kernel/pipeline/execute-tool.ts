/** Steps 12 and 13: does what the tool does, within the call's deadline, and says how that ended. */
import type { Execution } from '../execution.ts';
import { upstreamsOf, type CheckedCall } from './call.ts';
import { aboutOperation, internal, resultInvalid } from './errors.ts';
import { runHandler } from './run-handler.ts';
import { shapeContent, shapeResult } from './shape-result.ts';
import { scopeOf, type Work } from './work.ts';

/** A result is JSON text that fits the output schema. `late`: the work goes on without anybody waiting, and never rejects. */
export type Ending =
  | { readonly kind: 'finished'; readonly execution: Execution<string> }
  | { readonly kind: 'deadline' | 'cancelled'; readonly late: Promise<Execution<string>> };

/** Waits for the work until the deadline or the client's cancellation, then aborts it. */
export function executeTool(checked: CheckedCall, work: Work): Promise<Ending> {
  const { cancelled } = work;
  const elapsedMs = performance.now() - checked.trail.startedAt;
  const controller = new AbortController();
  const late = perform(checked, work, controller.signal);
  return new Promise((resolve) => {
    const giveUp = (kind: 'deadline' | 'cancelled') => {
      finish({ kind, late });
      controller.abort();
    };
    const onCancel = () => giveUp('cancelled');
    const timer = setTimeout(() => giveUp('deadline'), Math.max(0, checked.kernel.settings.deadlineMs - elapsedMs));
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

async function perform(checked: CheckedCall, work: Work, signal: AbortSignal): Promise<Execution<string>> {
  const { kernel, trail, loaded, validators } = checked;
  const { operationId } = trail;
  const about = { tool: loaded.tool.definition.name, operation_id: operationId };
  try {
    const execution = await dispatch(checked, work, signal);
    if (execution.kind !== 'succeeded') return { ...execution, error: aboutOperation(execution.error, operationId) };
    const shape = execution.isContent ? shapeContent : shapeResult;
    const result = shape(execution.result, validators.output);
    if (result !== undefined) return { ...execution, result };
    // The caller is told that the result was wrong; whoever runs the server, where.
    const faults = (validators.output?.errors ?? []).map((error) => `${error.instancePath} ${error.keyword}`);
    kernel.log.error('A result does not fit the output schema', { ...about, faults: faults.slice(0, 5) });
    return { kind: 'rejected', error: resultInvalid(operationId), terminal: true };
  } catch (error) {
    kernel.log.error('A tool failed unexpectedly', about, error);
    return work.write === undefined
      ? { kind: 'rejected', error: internal(operationId, 'no'), terminal: false }
      : { kind: 'ambiguous', error: internal(operationId, 'unknown') };
  }
}

async function dispatch(checked: CheckedCall, work: Work, signal: AbortSignal): Promise<Execution> {
  const { kernel, call, loaded, validators } = checked;
  const { tool, builtIn } = loaded;
  const { args, write } = work;
  if (builtIn !== undefined) return builtIn(args, checked);
  if (tool.handler !== undefined) return runHandler(checked, { handler: tool.handler, args, write, signal });
  if (write?.send !== undefined) return write.send({ signal, mayStillSend: write.mayStillSend });
  const { settings } = kernel;
  const { conditions } = validators;
  const { delegation } = call;
  const about = { tool, scope: scopeOf(checked, { args }), settings, conditions, delegation, signal };
  const prepared = await upstreamsOf(kernel).prepare(about);
  return prepared.kind === 'ready' ? prepared.send({ signal, mayStillSend: () => true }) : prepared.execution;
}
