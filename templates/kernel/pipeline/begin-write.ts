/** Steps 7 to 9 of a write: which effect is meant, what became of it before, and the claim to have it. */
import type { BeginResult, Claim } from '../idempotency/claim.ts';
import type { OperationStore } from '../idempotency/store.ts';
import type { IdempotencyPolicy } from '../policy.ts';
import { answerAbout } from './approval.ts';
import type { CheckedCall } from './call.ts';
import { claimOperation, lookBack, orRefuse } from './claim-operation.ts';
import { claimFor } from './claim.ts';
import { identifyEffect, type Effect } from './identify-effect.ts';
import { newOperationId } from './operation-id.ts';
import { requirePreconditions } from './preconditions.ts';
import { remainingTime } from './remaining-time.ts';

export interface Write extends CheckedCall {
  readonly store: OperationStore;
  readonly policy: IdempotencyPolicy;
}

export interface Begun {
  readonly effect: Effect;
  readonly result: BeginResult;
}

/** By the store's clock: two processes whose own clocks differ would take one window for two. Throws `Refusal`. */
export async function beginWrite(write: Write): Promise<Begun> {
  const windowed = hasWindow(write.policy);
  const readClock = () => orRefuse(() => write.store.now());
  const effect = identify(write, windowed ? await readClock() : 0);
  await noteRefusal(write, effect);
  const claim = claimFor(write, write.policy, effect);
  const before = await whatWas(write, claim, effect);
  if (before !== undefined && !goesOn(before)) return { effect, result: before };
  if (before === undefined) {
    await requirePreconditions(write, { args: effect.args, principal: write.call.caller }, remainingTime(write));
  }
  const result = await claimOperation(write.store, claim, effect.previousKey);
  if (result.kind !== 'claimed') return { effect, result };
  // What was seen before is over by now, so that this is a new effect, for which nobody asked what has to hold.
  const isUnasked = before !== undefined && !goesOn(result);
  const isOfWindow =
    !windowed || result.operation.key !== effect.key || identify(write, await readClock()).key === effect.key;
  if (!isUnasked && isOfWindow) return { effect, result };
  // The window ended meanwhile, and a repeat in the next one may have looked for this claim before it was there.
  await orRefuse(() => write.store.release(result.operation));
  // What was released keeps its id, and in the next window this is another operation.
  write.trail.operationId = newOperationId(write.kernel.realm);
  return beginWrite(write);
}

/** Asked only where something depends on it: `undefined` where a new effect would begin. */
async function whatWas(write: Write, claim: Claim, effect: Effect): Promise<BeginResult | undefined> {
  const { preconditions = [] } = write.loaded.tool;
  if (preconditions.length === 0) return undefined;
  const before = await lookBack(write.store, claim, effect.previousKey);
  return before?.kind === 'claimed' && !goesOn(before) ? undefined : before;
}

/** All or a part of the effect may exist, so that what had to hold before it may hold no more. */
function goesOn({ kind, operation: { inDoubt, steps } }: BeginResult): boolean {
  return kind === 'claimed' && (inDoubt || Object.keys(steps).length > 0);
}

/** The caller said no: that stands, for this question. */
async function noteRefusal({ store, call: { consent, caller } }: Write, effect: Effect): Promise<void> {
  const answer = answerAbout(effect, consent);
  if (answer === undefined || answer.agreed) return;
  await orRefuse(() => store.decide({ id: answer.operationId, approve: false, by: caller.subject }));
}

function hasWindow(policy: IdempotencyPolicy): boolean {
  return 'occurrence' in policy && policy.occurrence !== undefined && 'every' in policy.occurrence;
}

function identify({ kernel, call, loaded, args, policy }: Write, now: number): Effect {
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
