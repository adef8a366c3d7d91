/** A handler that does its work in steps. */
import type { Claimed } from '../claim.ts';
import type { Operation } from '../operation.ts';
import type { StepResult } from '../store.ts';
import { holds, unchanged, type Change, type Current } from './moment.ts';

/** The step may act from here on: SENT. `false` where the claim holds no more, or another step is under way. */
export function startStep(
  current: Current,
  { claimed, name }: { readonly claimed: Claimed; readonly name: string },
  now: number,
): Change<boolean> {
  if (!isUnderWay(current, claimed) || current.leaseUntil <= now || current.step !== null) {
    return unchanged(current, false);
  }
  const firstSent = current.firstSent ?? { at: now, digest: null };
  return { next: { ...current, state: 'sent', step: name, firstSent, updatedAt: now }, result: true };
}

/** The step's result is kept. What acts in steps only is CLAIMED between them, so that a later call may go on. */
export function finishStep(
  current: Current,
  { claimed, step: { name, result, between } }: { readonly claimed: Claimed; readonly step: StepResult },
  now: number,
): Change<boolean> {
  if (!holds(current, claimed) || current.step !== name) return unchanged(current, false);
  // What became UNKNOWN meanwhile stays that until its outcome comes; but the step is done, and known to be.
  const state = between && current.state === 'sent' && current.leaseUntil > now ? 'claimed' : current.state;
  const steps = { ...current.steps, [name]: result };
  return { next: { ...current, state, steps, step: null, updatedAt: now }, result: true };
}

function isUnderWay(current: Current, claimed: Claimed): current is Operation {
  return holds(current, claimed) && (current.state === 'claimed' || current.state === 'sent');
}
