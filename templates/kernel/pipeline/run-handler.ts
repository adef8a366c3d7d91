/** Runs a handler of yours, and says how that ended. */
import type { Execution } from '../execution.ts';
import { failure, type ErrorBody } from '../failure.ts';
import type { AnyHandler, Logger, Principal, ToolContext } from '../handler.ts';
import type { JsonObject } from '../json.ts';
import { renderMessage } from '../message.ts';
import type { Settings } from '../settings.ts';
import type { DeclaredError, Tool } from '../tool.ts';
import { connectUpstream, UpstreamUnavailable } from '../upstream/client.ts';
import { outcomeUnknown, upstreamUnavailable } from './errors.ts';
import { toJson } from './shape-result.ts';

export interface HandlerInput {
  readonly tool: Tool;
  readonly handler: AnyHandler;
  readonly args: JsonObject;
  readonly principal: Principal;
  readonly operationId: string;
  /** Present for tools that write. */
  readonly idempotencyKey?: string;
  readonly settings: Settings;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Rejects with whatever the handler threw, but for `ctx.fail` and an upstream that gave no answer. */
export async function runHandler(input: HandlerInput): Promise<Execution> {
  try {
    const result = await input.handler(input.args, contextOf(input));
    return { kind: 'succeeded', result: toJson(result) };
  } catch (error) {
    if (error instanceof DeclaredFailure) return error.execution;
    if (error instanceof UpstreamUnavailable) return whenUnanswered(input);
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

function contextOf(input: HandlerInput): ToolContext {
  const { principal, operationId, idempotencyKey, settings, signal, log } = input;
  return {
    principal,
    operationId,
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    signal,
    log,
    upstream: (name) => connectUpstream(settings, name, signal),
    fail(code, details = {}) {
      const declared = input.tool.errors.find((error) => error.code === code);
      if (declared === undefined) throw new Error(`${input.tool.definition.name} declares no error ${code}`);
      throw new DeclaredFailure(code, asExecution(declared, errorOf(declared, details, input)));
    },
  };
}

type FailDetails = NonNullable<Parameters<ToolContext['fail']>[1]>;

function errorOf(declared: DeclaredError, details: FailDetails, { args, principal }: HandlerInput): ErrorBody {
  const message = renderMessage(declared.message, { args, principal });
  const suggestedAction = details.suggestedAction ?? declared.suggestedAction;
  return failure(
    { code: declared.code, category: declared.category, message },
    {
      executed: declared.executed ?? 'no',
      ...(details.retryAfterMs === undefined ? {} : { retryAfterMs: details.retryAfterMs }),
      ...(suggestedAction === undefined ? {} : { suggestedAction }),
    },
  );
}

function asExecution({ terminal }: DeclaredError, error: ErrorBody): Execution {
  if (error.executed === 'unknown') return { kind: 'ambiguous', error };
  return { kind: 'rejected', error, terminal: terminal === true };
}

/** Even where this request provably never left, one before it may have. */
function whenUnanswered({ tool, operationId }: HandlerInput): Execution {
  return tool.policy.idempotency === undefined
    ? { kind: 'rejected', error: upstreamUnavailable(), terminal: false }
    : { kind: 'ambiguous', error: outcomeUnknown(operationId) };
}
