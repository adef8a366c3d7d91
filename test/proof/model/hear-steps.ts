/** What a worker may hear of its request: what became of it, or nothing that says so. */
import type { Execution } from '../../../templates/kernel/execution.ts';
import { failure } from '../../../templates/kernel/failure.ts';
import { conclude } from '../../../templates/kernel/pipeline/conclude.ts';
import { outcomeUnknown, upstreamUnavailable } from '../../../templates/kernel/pipeline/errors.ts';
import { combine } from '../../../templates/kernel/upstream/doubt.ts';
import type { Step } from './steps.ts';
import { change } from './store-steps.ts';
import { receiptOf, withoutAttempt, type Attempt } from './upstream.ts';
import type { At } from './worker-steps.ts';
import { heldBy, type Busy, type Held, type Sending } from './worker.ts';
import { withWorker } from './world.ts';

type Ended = Execution<string>;
type Unheard = Extract<Busy, { readonly at: 'sending' | 'waiting' }>;

const REFUSAL = failure({ code: 'REFUSED', category: 'failed_precondition', message: 'No.' });
const NOT_SENT: Ended = { kind: 'not-sent', error: upstreamUnavailable() };
const AMBIGUOUS: Ended = { kind: 'ambiguous', error: outcomeUnknown('op') };

export function hearSteps(at: At, worker: Unheard): readonly Step[] {
  const { world, rules } = at;
  if (worker.at === 'sending') return [hear(at, worker, rules.scenario.steps > 0 ? AMBIGUOUS : NOT_SENT)];
  const attempt = world.attempts.find(({ id }) => id === worker.attempt);
  const heard = { ...at, world: attempt?.state === 'flying' ? world : withoutAttempt(world, worker.attempt) };
  const isSuccess = attempt !== undefined && typeof attempt.state === 'object';
  return [
    ...(isSuccess && rules.scenario.steps > 0 ? finishStep(heard, worker) : []),
    ...answersOf(at, attempt).map((execution) => hear(heard, worker, execution)),
    hear(heard, worker, AMBIGUOUS),
  ];
}

function answersOf({ rules }: At, attempt: Attempt | undefined): readonly Ended[] {
  if (attempt === undefined || attempt.state === 'flying') return [];
  const { steps, upstream } = rules.scenario;
  if (attempt.state !== 'refused') return steps > 0 ? [] : [{ kind: 'succeeded', result: attempt.state.receipt }];
  const certain = upstream === 'keyed' ? { certain: true } : {};
  return [true, false].map((terminal) => ({ kind: 'rejected', error: REFUSAL, terminal, ...certain }));
}

/** With what an earlier attempt of the same call came to, of which nobody heard. */
function hear(at: At, worker: Sending, execution: Ended): Step {
  const isSettled = combine(worker.again ? AMBIGUOUS : undefined, execution) === execution;
  return concluded(at, worker, isSettled ? execution : AMBIGUOUS);
}

/** The handler returns. */
export function succeed(at: At, worker: Held): Step {
  return concluded(at, worker, { kind: 'succeeded', result: receiptOf(1) });
}

function concluded({ world, index, name }: At, worker: Held, execution: Ended): Step {
  const conclusion = conclude(execution, worker.operation);
  return {
    what: `${name} hears: ${execution.kind}, so ${conclusion.state}`,
    next: withWorker(world, index, { ...heldBy(worker), at: 'recording', conclusion }),
  };
}

/** The handler goes on, unless the claim is gone or the store's answer got lost. */
function finishStep(at: At, worker: Sending): readonly Step[] {
  const { rules, world, index, name } = at;
  const { operation: claimed, todo } = worker;
  const [step = 0, ...rest] = todo;
  const finished = { name: String(step), result: null, between: true };
  const { world: after, result } = change(world, claimed.key, (current, { now }) =>
    rules.protocol.finishStep(current, { claimed, step: finished }, now),
  );
  const lost = concluded({ ...at, world: after }, worker, AMBIGUOUS);
  if (!result) return [lost];
  const next = withWorker(after, index, { ...heldBy(worker), at: 'claimed', todo: rest });
  return [{ what: `${name} ends step ${step + 1}`, next }, lost];
}
