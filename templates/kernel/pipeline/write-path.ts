/**
 * What a call that writes goes through once it is authorized, in order. The numbers are those of the call
 * protocol. Only a server with tools that write has this file, and only this part of it has the store.
 */
import type { Execution } from '../execution.ts';
import type { BeginResult, Claim } from '../idempotency/claim.ts';
import type { Operation } from '../idempotency/operation.ts';
import type { OperationStore, StoreKind } from '../idempotency/store.ts';
import type { IdempotencyPolicy } from '../policy.ts';
import type { WritePart } from '../settings.ts';
import type { Answer, CheckedCall, WritePath } from './call.ts';
import { claimOperation, markSent, readClock } from './claim-operation.ts';
import { conclude } from './conclude.ts';
import {
  approvalDenied,
  approvalRequired,
  cancelled,
  capExceeded,
  deadlineExceeded,
  idempotencyConflict,
  inProgress,
  outcomeUnknown,
  Refusal,
  replayIncompatible,
  storeHeld,
} from './errors.ts';
import { executeTool, type Ending } from './execute-tool.ts';
import { identifyEffect, type Effect } from './identify-effect.ts';
import { operationStatus } from './operation-status.ts';
import { recordOutcome } from './record-outcome.ts';
import { shapeResult } from './shape-result.ts';

/** Writes whose operations are kept in a store of this kind. */
export function writesOn(kind: StoreKind): WritePart {
  return { ...kind, open: async (address, retentionMs) => writePath(await kind.open(address, retentionMs)) };
}

export function writePath(store: OperationStore): WritePath {
  return {
    write: (checked, policy) => write({ ...checked, store }, policy),
    tools: [operationStatus(store)],
    ping: () => store.ping(),
    close: () => store.close(),
  };
}

interface Write extends CheckedCall {
  readonly store: OperationStore;
}

async function write(context: Write, policy: IdempotencyPolicy): Promise<Answer> {
  const { effect, begun } = await claim(context, policy); // 7, 9
  const { operation } = begun;
  context.trail.operationId = operation.id;
  if (begun.kind !== 'claimed') return answerFromRecord(begun, context);
  await beforeSending(context, operation); // 11
  context.trail.sent = true;
  const work = { args: effect.args, operationKey: operation.key };
  const ending = await executeTool(context, work); // 12, 13: from here on the client's cancellation is ignored
  return finish(context, operation, ending); // 14
}

interface Begun {
  readonly effect: Effect;
  readonly begun: BeginResult;
}

/** By the store's clock: two processes whose own clocks differ would take one window for two. */
async function claim(context: Write, policy: IdempotencyPolicy): Promise<Begun> {
  const windowed = hasWindow(policy);
  const effect = identify(context, policy, windowed ? await readClock(context.store) : 0);
  const begun = await begin(context, policy, effect);
  if (begun.kind !== 'claimed' || !windowed) return { effect, begun };
  const { key } = identify(context, policy, await readClock(context.store));
  if (key === effect.key) return { effect, begun };
  // The window ended meanwhile, and a repeat in the next one may have looked for this claim before it was there.
  await recordOutcome(context, begun.operation, { state: 'released' });
  return claim(context, policy);
}

function hasWindow(policy: IdempotencyPolicy): boolean {
  return policy.strategy === 'derived-key' && policy.occurrence !== undefined && 'every' in policy.occurrence;
}

function identify({ kernel, call, loaded, args }: Write, policy: IdempotencyPolicy, now: number): Effect {
  return identifyEffect({
    server: kernel.server,
    environment: kernel.settings.environment,
    tool: loaded.tool.definition.name,
    policy,
    caller: call.caller,
    args,
    meta: call.meta,
    now,
  });
}

function begin({ store, kernel, call, trail, loaded }: Write, policy: IdempotencyPolicy, effect: Effect) {
  const claim: Claim = {
    id: trail.operationId,
    key: effect.key,
    fingerprint: effect.fingerprint,
    tool: loaded.tool.definition.name,
    subject: call.caller.subject,
    tenant: call.caller.tenant ?? null,
    leaseMs: kernel.settings.leaseMs,
    asked: { arguments: {}, complete: false },
    afterUnknown: { kind: policy.recovery === 'send-again' ? 'set-again' : 'quarantine' },
    approval: null,
    caps: [],
    irreversible: loaded.tool.policy.mutability === 'irreversible',
  };
  return claimOperation(store, claim, effect.previousKey);
}

/** What a call gets whose operation was asked for before. A result is checked against what the tool returns today. */
function answerFromRecord(begun: Exclude<BeginResult, { kind: 'claimed' }>, { validators }: Write): Answer {
  const { id } = begun.operation;
  switch (begun.kind) {
    case 'conflict':
      throw new Refusal(idempotencyConflict(id));
    case 'in-progress':
      throw new Refusal(inProgress(id, begun.retryAfterMs));
    case 'unknown':
      throw new Refusal(outcomeUnknown(id));
    case 'held':
      throw new Refusal(storeHeld());
    case 'approval-required':
      throw new Refusal(approvalRequired(id, aboutApproval(begun.operation)));
    case 'denied':
      throw new Refusal(approvalDenied(id, aboutApproval(begun.operation).summary));
    case 'cap-exceeded':
      throw new Refusal(capExceeded(begun.operation.tool, aboutCap(begun)));
    case 'done': {
      const { outcome } = begun;
      if (!outcome.ok) return { outcome, replayed: true };
      const result = shapeResult(JSON.parse(outcome.result), validators.output);
      if (result === undefined) return { outcome: { ok: false, error: replayIncompatible(id) } };
      return { outcome: { ok: true, result }, replayed: true };
    }
  }
}

function aboutApproval({ approval }: Operation) {
  return { summary: approval?.summary ?? '', scope: approval?.scope ?? null };
}

const WINDOWS = { run: 'in one session', hour: 'in an hour', day: 'in a day' } as const;

function aboutCap({ cap, endsInMs }: Extract<BeginResult, { kind: 'cap-exceeded' }>) {
  return { limit: cap.limit, window: WINDOWS[cap.window], endsInMs };
}

async function beforeSending(context: Write, operation: Operation): Promise<void> {
  const { store, kernel, call, trail } = context;
  try {
    if (call.signal?.aborted) throw new Refusal(cancelled());
    await markSent(store, operation);
    // Sent after its deadline it would be aborted at once, and nobody would know what became of it.
    const elapsedMs = performance.now() - trail.startedAt;
    if (elapsedMs >= kernel.settings.deadlineMs) throw new Refusal(deadlineExceeded());
  } catch (error) {
    await recordOutcome(context, operation, { state: 'released' });
    throw error;
  }
}

async function finish(context: Write, operation: Operation, ending: Ending): Promise<Answer> {
  if (ending.kind === 'finished') {
    const conclusion = conclude(ending.execution, operation.id);
    const recorded = await recordOutcome(context, operation, conclusion);
    return { outcome: conclusion.answer, recorded };
  }
  const unknown = { ok: false, error: outcomeUnknown(operation.id) } as const;
  await recordOutcome(context, operation, { state: 'unknown', answer: unknown });
  context.kernel.background(recordLate(context, operation, ending.late));
  return { outcome: unknown };
}

/** Should the work end after all, that is the truth, however late. */
async function recordLate(context: Write, operation: Operation, late: Promise<Execution<string>>): Promise<void> {
  await recordOutcome(context, operation, conclude(await late, operation.id));
}
