/** Runs a handler of yours, and says how that ended. */
import { blocksIn } from '../content.ts';
import { declaredError } from '../declared-error.ts';
import type { Execution } from '../execution.ts';
import { UpstreamUnavailable, type AnyHandler, type ToolContext, type UpstreamClient } from '../handler.ts';
import type { JsonObject } from '../json.ts';
import { upstreamsOf, type CheckedCall } from './call.ts';
import { ClaimLost } from './claim-lost.ts';
import { outcomeUnknown, upstreamUnavailable } from './errors.ts';
import { toJson } from './shape-result.ts';
import { principalOf, type WriteWork } from './work.ts';

export interface HandlerInput {
  readonly handler: AnyHandler;
  readonly args: JsonObject;
  /** Present for tools that write. */
  readonly write: WriteWork | undefined;
  readonly signal: AbortSignal;
}

/** Rejects with whatever the handler threw, but for `ctx.fail` and an upstream that gave no answer. */
export async function runHandler(checked: CheckedCall, input: HandlerInput): Promise<Execution> {
  try {
    const result = await input.handler(input.args, contextOf(checked, input));
    const blocks = blocksIn(result);
    return { kind: 'succeeded', result: toJson(blocks ?? result), ...(blocks && { isContent: true }) };
  } catch (error) {
    if (error instanceof DeclaredFailure) return error.execution;
    if (error instanceof UpstreamUnavailable) return whenUnanswered(checked, input, error);
    if (error instanceof ClaimLost) return { kind: 'ambiguous', error: outcomeUnknown(checked.trail.operationId) };
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

function contextOf(checked: CheckedCall, input: HandlerInput): ToolContext {
  const { kernel, call, loaded, trail } = checked;
  const { args, write, signal } = input;
  const principal = principalOf(call);
  return {
    principal,
    operationId: trail.operationId,
    ...(write === undefined ? {} : { idempotencyKey: write.key }),
    signal,
    log: kernel.log,
    progress: (done, more) => call.progress?.(done, more),
    upstream: (name) => connect(checked, input, name),
    // A read has no record in which a step could be found again.
    step: write?.step ?? (async (_name, work) => work()),
    fail(code, details = {}) {
      const { definition, errors } = loaded.tool;
      const declared = errors.find((error) => error.code === code);
      if (declared === undefined) throw new Error(`${definition.name} declares no error ${code}`);
      const { executed = 'no', terminal = false } = declared;
      const isPartly = executed === 'no' && write?.hasFinishedSteps() === true;
      const known = { ...details, executed: isPartly ? 'unknown' : executed } as const;
      const error = declaredError(declared, { args, principal }, known);
      const refused = { kind: 'rejected', error, terminal, ...(isPartly && { isPartly }) } as const;
      throw new DeclaredFailure(code, executed === 'unknown' ? { kind: 'ambiguous', error } : refused);
    },
  };
}

/** What acts in steps only cannot have an effect between them, by mistake either. */
function connect({ kernel, call, loaded }: CheckedCall, { write, signal }: HandlerInput, name: string): UpstreamClient {
  const mayStillSend = write?.mayStillSend ?? (() => true);
  const scopes = loaded.tool.upstreamScopes;
  const { delegation } = call;
  const client = upstreamsOf(kernel).connect(kernel.settings, name, { signal, mayStillSend, scopes, delegation });
  return {
    request: async (request) => {
      const reads = request.method === 'GET' || request.method === 'HEAD';
      if (!reads && write?.mayAct() === false)
        throw new Error(`A ${request.method} to ${name} belongs into a ctx.step`);
      return client.request(request);
    },
  };
}

/** Even where this request provably never left: a handler that writes may have acted before it, and in any way. */
function whenUnanswered(
  { kernel, loaded, trail }: CheckedCall,
  { write }: HandlerInput,
  { message, sent, error = upstreamUnavailable() }: UpstreamUnavailable,
): Execution {
  const about = { tool: loaded.tool.definition.name, operation_id: trail.operationId, sent };
  kernel.log.warn('A handler got no answer', { ...about, error: message });
  if (write === undefined) return { kind: 'rejected', error, terminal: false };
  return write.mayHaveActed()
    ? { kind: 'ambiguous', error: outcomeUnknown(trail.operationId) }
    : { kind: 'not-sent', error };
}
