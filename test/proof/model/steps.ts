/** Everything that can happen next in a world. Each step is atomic, as the store's transactions are. */
import type { Protocol } from './protocol.ts';
import { receiptOf, upstreamSteps } from './upstream-steps.ts';
import { workerSteps } from './worker-steps.ts';
import { KEY, type Scenario, type World } from './world.ts';

export interface Step {
  readonly what: string;
  readonly next: World;
}

export interface Rules {
  readonly scenario: Scenario;
  readonly protocol: Protocol;
}

export function stepsFrom(rules: Rules, world: World): readonly Step[] {
  return [
    ...world.workers.flatMap((_, index) => workerSteps(rules, world, index)),
    ...world.attempts.flatMap((attempt) => upstreamSteps(rules.scenario, world, attempt)),
    ...world.owed.map((fence) => recordLater(rules, world, fence)),
    ...timeSteps(world),
    ...lookupSteps(rules, world),
  ];
}

/** An UNKNOWN that the store was away for is written at some time, or never. */
function recordLater({ protocol }: Rules, world: World, fence: number): Step {
  const { next: row } = protocol.recordUnknown(world.row, { key: KEY, fence }, world.now);
  const owed = world.owed.filter((other) => other !== fence);
  return { what: `the outcome of fence ${fence} is recorded as unknown`, next: { ...world, row, owed } };
}

function timeSteps(world: World): readonly Step[] {
  const { row, now, left } = world;
  const steps: Step[] = [];
  if (row !== undefined && row.leaseUntil > now) {
    steps.push({ what: 'the lease runs out', next: { ...world, now: row.leaseUntil } });
  }
  if (left.otherKeys > 0) {
    const next = { ...world, lastFence: world.lastFence + 1, left: { ...left, otherKeys: left.otherKeys - 1 } };
    steps.push({ what: 'another key is claimed', next });
  }
  return steps;
}

/** Reads an unknown outcome back from the upstream: found is DONE, not found gives the key back. */
function lookupSteps({ scenario, protocol }: Rules, world: World): readonly Step[] {
  const { row, now, history } = world;
  if (scenario.lookup === 'never' || row === undefined || protocol.asOf(row, now).state !== 'unknown') return [];
  if (scenario.lookup !== 'at-once' && world.attempts.some((attempt) => attempt.state === 'flying')) return [];
  if (scenario.lookup === 'settled' && isAboutToSend(world, row.fence)) return [];
  if (history.effects === 0) {
    const { next } = protocol.release(row, row, now);
    return [{ what: 'a look-up finds nothing, and gives the key back', next: { ...world, row: next } }];
  }
  const outcome = { ok: true, result: receiptOf(1) } as const;
  const { next } = protocol.recordOutcome(row, { claimed: row, outcome }, now);
  return [{ what: 'a look-up finds the effect, and records it', next: { ...world, row: next } }];
}

function isAboutToSend({ workers }: World, fence: number): boolean {
  return workers.some((worker) => worker.at === 'sent' && worker.fence === fence);
}
