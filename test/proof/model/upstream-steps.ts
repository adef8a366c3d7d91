/** What the upstream may do with a request, at any time after it was sent: apply it, refuse it, or never see it. */
import type { Step } from './steps.ts';
import { withAttempt, type Attempt, type Scenario, type World } from './world.ts';

export function upstreamSteps(scenario: Scenario, world: World, attempt: Attempt): readonly Step[] {
  const { fence, state } = attempt;
  if (state !== 'flying') return [];
  return [
    { what: `the upstream applies what was sent with fence ${fence}`, next: apply(scenario, world, attempt) },
    {
      what: `the upstream refuses what was sent with fence ${fence}`,
      next: withAttempt(world, fence, { ...attempt, state: 'refused' }),
    },
    // Only a look-up waits until nothing can come any more; for all others, never arriving is arriving very late.
    ...(scenario.lookup === 'never'
      ? []
      : [{ what: `what was sent with fence ${fence} gets lost`, next: withAttempt(world, fence, undefined) }]),
  ];
}

function apply({ upstream }: Scenario, world: World, attempt: Attempt): World {
  const { history } = world;
  const repeated = upstream === 'keyed' && history.effects > 0;
  const effects = history.effects + (repeated ? 0 : 1);
  // A value that is set reads the same each time it is set.
  const receipt = receiptOf(upstream === 'natural' ? 1 : effects);
  return {
    ...withAttempt(world, attempt.fence, { ...attempt, state: { receipt } }),
    history: { ...history, effects, unmarked: history.unmarked + (repeated || attempt.marked ? 0 : 1) },
  };
}

/** What the upstream answers about its nth effect. */
export function receiptOf(effect: number): string {
  return JSON.stringify({ receipt: effect });
}
