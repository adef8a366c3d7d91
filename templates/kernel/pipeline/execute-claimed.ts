/** Steps 10 to 14: what was claimed is executed, by a call or by recovery. */
import { hasSteps, type Operation } from '../idempotency/operation.ts';
import type { JsonObject } from '../json.ts';
import type { Write } from './begin-write.ts';
import type { Answer } from './call.ts';
import { orRefuse } from './claim-operation.ts';
import type { Instant } from './elapsed.ts';
import { aboutOperation, cancelled, deadlineExceeded, inProgress, outcomeUnknown, Refusal } from './errors.ts';
import { executeTool, type Ending } from './execute-tool.ts';
import { finish, finishFound, type UnderWay } from './finish.ts';
import { keepLease } from './lease.ts';
import { lookUp } from './look-up.ts';
import { prepare, type Ready } from './prepare.ts';
import { recordOutcome } from './record-outcome.ts';
import { remainingMs, remainingTime } from './remaining-time.ts';
import { stepsOf } from './steps.ts';
import { scopeOf, type Work, type WriteWork } from './work.ts';

export interface Claimed extends Pick<UnderWay, 'describe'> {
  readonly operation: Operation;
  /** What reaches the request or the handler. */
  readonly args: JsonObject;
  /** Before the claim. */
  readonly since: Instant;
}

/** Throws `Refusal` where nothing was sent after all; the claim is given back then. */
export async function executeClaimed(context: Write, { operation, args, since, describe }: Claimed): Promise<Answer> {
  const lease = keepLease(context.store, operation, { leaseMs: context.kernel.settings.leaseMs, since });
  const underWay: UnderWay = { ...context, operation, lease, describe };
  const work: Work & { readonly write: WriteWork } = { args, write: writeWork(underWay) };
  try {
    const found = await readBeforeWriting(underWay, work);
    if (found !== undefined) return found;
    const ready = await beforeSending(underWay, work); // 10, 11
    if (ready.kind === 'refused') return await finish(underWay, notSent(ready, operation));
    const { send } = ready;
    const write = { ...work.write, ...(send === undefined ? {} : { send }) };
    const ending = await executeTool(context, { ...work, write }); // 12, 13: the client's cancellation is ignored
    // Work that goes on after its deadline sends nothing more: whoever looks it up then must not be too early.
    lease.end();
    return await finish(underWay, ending); // 14
  } finally {
    lease.end();
  }
}

function notSent({ execution }: Extract<Ready, { kind: 'refused' }>, { id }: Operation): Ending {
  return { kind: 'finished', execution: { ...execution, error: aboutOperation(execution.error, id) } };
}

function writeWork({ store, operation, lease, trail, policy }: UnderWay): WriteWork {
  const actsInSteps = policy.recovery === 'resume';
  const steps = stepsOf(store, operation, {
    between: actsInSteps,
    mayBegin: lease.holds,
    onStart: () => {
      trail.sent = true;
    },
  });
  return {
    key: operation.key,
    mayStillSend: lease.holds,
    mayAct: () => !actsInSteps || steps.isRunning(),
    mayHaveActed: () => !actsInSteps || trail.sent || steps.hasFinished(),
    hasFinishedSteps: steps.hasFinished,
    step: steps.run,
  };
}

/** `read-before-write`: what exists is the answer; where that cannot be told, nothing is written. */
async function readBeforeWriting(underWay: UnderWay, work: Work): Promise<Answer | undefined> {
  const { kernel, call, policy, validators, operation } = underWay;
  if (policy.strategy !== 'read-before-write' || policy.lookup === undefined) return undefined;
  const scope = scopeOf(underWay, work);
  const { delegation } = call;
  const signal = remainingTime(underWay);
  const found = await lookUp(kernel, policy.lookup, { scope, validators, delegation, signal });
  switch (found.kind) {
    case 'found':
      return finishFound(underWay, found.result);
    case 'not-found':
      return undefined;
    case 'failed':
      await recordOutcome(underWay, operation, { state: 'released' });
      throw new Refusal(operation.inDoubt ? outcomeUnknown(operation.id) : found.error);
  }
}

/** Encodes the request, finds the credential, and says on disk that something may be sent. Throws `Refusal`. */
async function beforeSending(underWay: UnderWay, work: Work): Promise<Ready> {
  const { store, call, trail, policy, operation } = underWay;
  try {
    if (call.signal?.aborted) throw new Refusal(cancelled());
    const ready = await prepare(underWay, work);
    // What acts in steps only is SENT step by step.
    if (ready.kind === 'refused' || policy.recovery === 'resume') return ready;
    const marked = await orRefuse(() => store.markSent(operation, ready.digest));
    if (marked === 'changed') throw new Refusal(outcomeUnknown(operation.id));
    // The lease ran out in between, so that another call may have taken over; that one will know.
    if (marked === 'lost') throw new Refusal(inProgress(operation.id, 1_000));
    // Sent after its deadline it would be aborted at once, and nobody would know what became of it.
    if (remainingMs(underWay) === 0) throw new Refusal(deadlineExceeded());
    trail.sent = true;
    return ready;
  } catch (error) {
    await recordOutcome(underWay, operation, { state: 'released' });
    throw operation.inDoubt || hasSteps(operation) ? new Refusal(outcomeUnknown(operation.id)) : error;
  }
}
