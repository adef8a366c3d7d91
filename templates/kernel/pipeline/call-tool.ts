/**
 * What one call goes through, in order. The numbers are those of the call protocol; what is missing among
 * them belongs to the transport (2) or to tools that need it (rate limits, preconditions, approvals, caps).
 */
import type { Execution } from '../execution.ts';
import type { Operation, Outcome } from '../idempotency/operation.ts';
import type { BeginResult } from '../idempotency/store.ts';
import type { JsonObject } from '../json.ts';
import type { IdempotencyPolicy, ToolValidators } from '../tool.ts';
import { authorize } from './authorize.ts';
import { UnknownTool, type Kernel, type LoadedTool, type ToolCall, type Trail } from './call.ts';
import { claimOperation, markSent } from './claim-operation.ts';
import { conclude } from './conclude.ts';
import {
  cancelled,
  deadlineExceeded,
  idempotencyConflict,
  inProgress,
  outcomeUnknown,
  Refusal,
  replayIncompatible,
} from './errors.ts';
import { executeTool, type Ending } from './execute-tool.ts';
import { identifyEffect, type Effect } from './identify-effect.ts';
import { readArguments } from './read-arguments.ts';
import { recordOutcome, releaseClaim, storeOf } from './record-outcome.ts';
import { shapeResult } from './shape-result.ts';
import { validateArguments } from './validate-arguments.ts';

export interface Answer {
  readonly outcome: Outcome;
  readonly replayed: boolean;
  readonly recorded: boolean;
}

/** Throws `Refusal` for what is refused before anything is executed, and `UnknownTool`. */
export async function callTool(kernel: Kernel, call: ToolCall, trail: Trail): Promise<Answer> {
  const loaded = findTool(kernel, call.name); // 3
  trail.loaded = loaded;
  trail.arguments = readArguments(call.arguments, kernel.settings.limits); // 1
  const validators = await loaded.validators();
  const args = validateArguments(loaded.tool, validators.input, trail.arguments); // 4
  authorize(loaded.tool, call.caller, kernel.settings); // 5
  if (call.signal?.aborted) throw new Refusal(cancelled());
  const { idempotency } = loaded.tool.policy;
  return idempotency === undefined
    ? read({ kernel, call, trail, loaded, validators }, args)
    : write({ kernel, call, trail, loaded, validators }, idempotency, args);
}

/** What every later step knows. */
interface Context {
  readonly kernel: Kernel;
  readonly call: ToolCall;
  readonly trail: Trail;
  readonly loaded: LoadedTool;
  readonly validators: ToolValidators;
}

function findTool(kernel: Kernel, name: string): LoadedTool {
  const loaded = kernel.tools.get(name);
  if (loaded === undefined) throw new UnknownTool(name);
  return loaded;
}

/** Reads never touch the store. */
async function read(context: Context, args: JsonObject): Promise<Answer> {
  const { call, trail, validators } = context;
  const ending = await execute(context, { args, cancelled: call.signal }); // 12
  if (ending.kind === 'cancelled') throw new Refusal(cancelled());
  if (ending.kind === 'deadline') return answer({ ok: false, error: deadlineExceeded() });
  const { answer: outcome } = conclude(ending.execution, { operationId: trail.operationId, output: validators.output }); // 13
  logWithheldResult(context, outcome);
  return answer(outcome);
}

async function write(context: Context, policy: IdempotencyPolicy, args: JsonObject): Promise<Answer> {
  const { trail } = context;
  const effect = identify(context, policy, args);
  const begun = await claim(context, policy, effect); // 7, 9
  trail.operationId = begun.operation.id;
  if (begun.kind !== 'claimed') return answerFromRecord(begun, context);
  await beforeSending(context, begun.operation); // 11
  trail.sent = true;
  const work = { args: effect.args, operationKey: begun.operation.key };
  const ending = await execute(context, work); // 12: from here on the client's cancellation is ignored
  return finish(context, begun.operation, ending); // 13, 14
}

function identify({ kernel, call, loaded }: Context, policy: IdempotencyPolicy, args: JsonObject): Effect {
  return identifyEffect({
    server: kernel.server,
    environment: kernel.settings.environment,
    tool: loaded.tool.definition.name,
    policy,
    caller: call.caller,
    args,
    meta: call.meta,
    now: Date.now(),
  });
}

function claim({ kernel, call, trail, loaded }: Context, policy: IdempotencyPolicy, effect: Effect) {
  const asked = {
    id: trail.operationId,
    key: effect.key,
    fingerprint: effect.fingerprint,
    tool: loaded.tool.definition.name,
    subject: call.caller.subject,
    tenant: call.caller.tenant ?? null,
    leaseMs: kernel.settings.leaseMs,
    sendAgain: policy.recovery === 'send-again',
  };
  return claimOperation(storeOf(kernel), asked, effect.previousKey);
}

/** What a call gets whose operation was asked for before. A result is checked against what the tool returns today. */
function answerFromRecord(begun: Exclude<BeginResult, { kind: 'claimed' }>, { validators }: Context): Answer {
  const { id } = begun.operation;
  switch (begun.kind) {
    case 'conflict':
      throw new Refusal(idempotencyConflict(id));
    case 'in-progress':
      throw new Refusal(inProgress(id, begun.retryAfterMs));
    case 'unknown':
      throw new Refusal(outcomeUnknown(id));
    case 'done': {
      const { outcome } = begun;
      if (!outcome.ok) return answer(outcome, { replayed: true });
      const result = shapeResult(JSON.parse(outcome.result), validators.output);
      if (result === undefined) return answer({ ok: false, error: replayIncompatible(id) });
      return answer({ ok: true, result }, { replayed: true });
    }
  }
}

async function beforeSending({ kernel, call }: Context, operation: Operation): Promise<void> {
  try {
    if (call.signal?.aborted) throw new Refusal(cancelled());
    await markSent(storeOf(kernel), operation);
  } catch (error) {
    await releaseClaim(kernel, operation);
    throw error;
  }
}

function execute(
  { kernel, call, trail, loaded, validators }: Context,
  work: { readonly args: JsonObject; readonly operationKey?: string; readonly cancelled?: AbortSignal | undefined },
): Promise<Ending> {
  const { args, operationKey, cancelled: signal } = work;
  const ms = Math.max(0, kernel.settings.deadlineMs - (performance.now() - trail.startedAt));
  const key = operationKey === undefined ? {} : { operationKey };
  const { operationId } = trail;
  return executeTool(
    kernel,
    { loaded, validators, args, caller: call.caller, operationId, ...key },
    { ms, cancelled: signal },
  );
}

async function finish(context: Context, operation: Operation, ending: Ending): Promise<Answer> {
  const { kernel, validators } = context;
  if (ending.kind === 'finished') {
    const conclusion = conclude(ending.execution, { operationId: operation.id, output: validators.output });
    logWithheldResult(context, conclusion.answer);
    const recorded = await recordOutcome(kernel, operation, conclusion);
    return answer(conclusion.answer, { recorded });
  }
  const unknown = { ok: false, error: outcomeUnknown(operation.id) } as const;
  await recordOutcome(kernel, operation, { state: 'unknown', answer: unknown });
  kernel.background(recordLate(context, operation, ending.late));
  return answer(unknown);
}

/** Should the work end after all, that is the truth, however late. */
async function recordLate(
  { kernel, validators }: Context,
  operation: Operation,
  late: Promise<Execution>,
): Promise<void> {
  const conclusion = conclude(await late, { operationId: operation.id, output: validators.output });
  await recordOutcome(kernel, operation, conclusion);
}

/** The caller is told that the result was wrong; whoever runs the server, where. */
function logWithheldResult({ kernel, loaded, trail, validators }: Context, outcome: Outcome): void {
  if (outcome.ok || outcome.error.code !== 'RESULT_INVALID') return;
  const faults = (validators.output?.errors ?? []).slice(0, 5).map((error) => `${error.instancePath} ${error.keyword}`);
  const about = { tool: loaded.tool.definition.name, operation_id: trail.operationId, faults };
  kernel.log.error('A result does not fit the output schema', about);
}

function answer(outcome: Outcome, about: { readonly replayed?: boolean; readonly recorded?: boolean } = {}): Answer {
  return { outcome, replayed: about.replayed ?? false, recorded: about.recorded ?? true };
}
