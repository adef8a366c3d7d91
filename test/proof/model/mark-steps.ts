/** SENT goes on record before anything leaves: for the whole call, or for each step of a handler. */

import type { Change, Current } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import { succeed } from './hear-steps.ts';
import type { Step } from './steps.ts';
import { change, rowOf } from './store-steps.ts';
import type { At } from './worker-steps.ts';
import { heldBy, type Held } from './worker.ts';
import { spend, withWorker, type World } from './world.ts';

export function markSteps(at: At, worker: Held): readonly Step[] {
  const { rules, world } = at;
  const { protocol, scenario } = rules;
  const { operation: claimed, todo } = worker;
  const isHeld = rowOf(world, claimed.key)?.fence === claimed.fence;
  if (scenario.steps > 0) {
    const [step] = todo;
    if (step === undefined) return [isHeld ? succeed(at, worker) : tooLate(at)];
    return mark(at, worker, {
      from: world,
      digest: `step ${step}`,
      what: `begins step ${step + 1}`,
      decide: (current, now) => protocol.startStep(current, { claimed, name: String(step) }, now),
    });
  }
  const markSent = (from: World, digest: string) =>
    mark(at, worker, {
      from,
      digest,
      what: digest === 'same' ? 'records SENT' : 'records SENT, of another request',
      decide: (current, now) => protocol.markSent(current, { claimed, digest }, now),
    });
  return [
    ...markSent(world, 'same'),
    ...(isHeld && world.left.otherDigests > 0 ? markSent(spend(world, 'otherDigests'), 'other') : []),
  ];
}

/** What it could still record would be lost. */
function tooLate({ world, index, name }: At): Step {
  return { what: `${name} ends, and has no claim any more`, next: withWorker(world, index, { at: 'idle' }) };
}

interface Marking {
  readonly from: World;
  readonly digest: string;
  readonly what: string;
  readonly decide: (current: Current, now: number) => Change<unknown>;
}

/** It may be on record although the store's answer got lost; then nothing is sent. */
function mark(at: At, worker: Held, { from, digest, what, decide }: Marking): readonly Step[] {
  const { index, name } = at;
  const { operation } = worker;
  const { world: after, result } = change(from, operation.key, (current, { now }) => decide(current, now));
  const refused = withWorker(after, index, { ...heldBy(worker), at: 'giving-back' });
  const row = rowOf(after, operation.key);
  const isHeld = row?.fence === operation.fence;
  if (result !== 'sent' && result !== true) {
    const next = isHeld ? refused : withWorker(after, index, { at: 'idle' });
    return [{ what: `${name} may not send: ${String(result)}`, next }];
  }
  const marked = isHeld && row.state === 'sent';
  const sending = { ...heldBy(worker), at: 'sending', digest, marked, again: false } as const;
  return [
    { what: `${name} ${what}`, next: withWorker(after, index, sending) },
    { what: `${name} ${what}, and does not hear that it did`, next: refused },
  ];
}
