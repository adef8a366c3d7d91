/** Everything that can happen next in a world. Each step is atomic, as the store's transactions are. */
import { besideSteps, forgetsAt } from './people.ts';
import type { Protocol } from './protocol.ts';
import { recordUnknown } from './record-steps.ts';
import { KEYS, rowOf } from './store-steps.ts';
import { NEARLY_MS, WINDOW_MS } from './times.ts';
import { upstreamSteps, withoutLost } from './upstream.ts';
import { workerSteps } from './worker-steps.ts';
import type { Scenario, World } from './world.ts';

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
    ...world.attempts.flatMap((attempt) => upstreamSteps(rules, world, attempt)),
    ...besideSteps(rules, world),
    ...owedSteps(rules, world),
    ...timeSteps(rules, world),
  ];
}

/** An UNKNOWN that the store was away for is written at some time, or never. */
function owedSteps(rules: Rules, world: World): readonly Step[] {
  return world.owed.map((claimed) => ({
    what: `the outcome of fence ${claimed.fence} is recorded as unknown`,
    next: recordUnknown(rules, { ...world, owed: world.owed.filter((other) => other !== claimed) }, claimed),
  }));
}

/** Time passes, as far as something ends. Everything else that may happen may happen before. */
function timeSteps(rules: Rules, world: World): readonly Step[] {
  const { seen } = world;
  const { approval: asks } = rules.scenario;
  const row = rowOf(world, KEYS[0]);
  const isExtended = row?.fence === seen?.operation.fence && row?.leaseUntil !== seen?.operation.leaseUntil;
  const sendsAgain = rules.scenario.afterUnknown === 'resend' && row !== undefined && row.state !== 'done';
  const windowEnd = sendsAgain && row.firstSent ? row.firstSent.at + WINDOW_MS : null;
  return [
    ...KEYS.flatMap((key) => until(world, 'the lease runs out', leaseEnd(world, key))),
    ...(isExtended ? until(world, 'the lease that was listed would have run out', seen?.operation.leaseUntil) : []),
    ...(asks === 'none' ? [] : until(world, 'the time of the question or its answer ends', row?.approval?.expiresAt)),
    ...until(world, 'the window for sending again nearly ends', windowEnd === null ? null : windowEnd - NEARLY_MS),
    ...until(world, 'the window for sending again ends', windowEnd),
    ...forget(rules, world),
  ];
}

function until(world: World, what: string, end: number | null | undefined): readonly Step[] {
  return end === null || end === undefined || end <= world.now ? [] : [{ what, next: { ...world, now: end } }];
}

function leaseEnd(world: World, key: string): number | undefined {
  const row = rowOf(world, key);
  return row?.state === 'claimed' || row?.state === 'sent' ? row.leaseUntil : undefined;
}

function forget(rules: Rules, world: World): readonly Step[] {
  const at = forgetsAt(rules, world);
  if (at === null || Object.keys(world.memory).length === 0) return [];
  const now = Math.max(world.now, at);
  return [{ what: 'the upstream forgets the key', next: { ...withoutLost(world, now), now, memory: {} } }];
}
