/** Runs a handler of yours, and says how that ended. */
import { declaredError } from '../declared-error.ts';
import type { Execution } from '../execution.ts';
import { UpstreamUnavailable, type AnyHandler, type Principal, type ToolContext } from '../handler.ts';
import type { JsonObject } from '../json.ts';
import { upstreamsOf, type CheckedCall } from './call.ts';
import { outcomeUnknown, upstreamUnavailable } from './errors.ts';
import { toJson } from './shape-result.ts';

export interface HandlerInput {
  readonly handler: AnyHandler;
  readonly args: JsonObject;
  readonly principal: Principal;
  /** Present for tools that write. */
  readonly idempotencyKey: string | undefined;
  readonly signal: AbortSignal;
}

/** Rejects with whatever the handler threw, but for `ctx.fail` and an upstream that gave no answer. */
export async function runHandler(checked: CheckedCall, input: HandlerInput): Promise<Execution> {
  try {
    const result = await input.handler(input.args, contextOf(checked, input));
    return { kind: 'succeeded', result: toJson(result) };
  } catch (error) {
    if (error instanceof DeclaredFailure) return error.execution;
    if (error instanceof UpstreamUnavailable) return whenUnanswered(checked);
    throw error;
  }
}

/** What `ctx.fail` throws. */
class DeclaredFailure extends Error {
  override readonly name = 'DeclaredFailure';
  readonly execution: Execution;
  constructor(code: string, execution: Execution) {
    super(code);
    this.execution = execution;
  }
}

function contextOf({ kernel, loaded, trail }: CheckedCall, input: HandlerInput): ToolContext {
  const { args, principal, idempotencyKey, signal } = input;
  return {
    principal,
    operationId: trail.operationId,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    signal,
    log: kernel.log,
    upstream: (name) => upstreamsOf(kernel).connect(kernel.settings, name, signal),
    fail(code, details = {}) {
      const { definition, errors } = loaded.tool;
      const declared = errors.find((error) => error.code === code);
      if (declared === undefined) throw new Error(`${definition.name} declares no error ${code}`);
      const error = declaredError(declared, { args, principal }, { ...details, executed: declared.executed ?? 'no' });
      const isUnknown = error.executed === 'unknown';
      const terminal = declared.terminal === true;
      throw new DeclaredFailure(code, isUnknown ? { kind: 'ambiguous', error } : { kind: 'rejected', error, terminal });
    },
  };
}

/** Even where this request provably never left, one before it may have. */
function whenUnanswered({ loaded, trail }: CheckedCall): Execution {
  return loaded.tool.policy.idempotency === undefined
    ? { kind: 'rejected', error: upstreamUnavailable(), terminal: false }
    : { kind: 'ambiguous', error: outcomeUnknown(trail.operationId) };
}
