/** What the upstream may do with a request, at any time after it was sent: apply it or refuse it; or it never arrives. */
import type { Rules, Step } from './steps.ts';
import { SETTLE_MS } from './times.ts';
import type { World } from './world.ts';

/** A request on its way to the upstream, or its answer on the way back. */
export interface Attempt {
  readonly id: number;
  readonly fence: number;
  /** Which effect it is to have: that of a key, or of a step. */
  readonly target: number;
  /** Equal for equal requests. */
  readonly digest: string;
  readonly marked: boolean;
  readonly sentAt: number;
  /** The receipt is the answer of what was applied. */
  readonly state: 'flying' | 'refused' | { readonly receipt: string };
}

/** What an upstream did with the first request of a digest. It answers the same to every further one. */
export type Memory = Readonly<Record<string, 'applied' | 'refused'>>;

export function upstreamSteps({ scenario }: Rules, world: World, attempt: Attempt): readonly Step[] {
  const { fence, state } = attempt;
  if (state !== 'flying') return [];
  const what = `what was sent with fence ${fence}`;
  const remembered = scenario.upstream === 'keyed' ? world.memory[attempt.digest] : undefined;
  return [
    ...(remembered === 'refused'
      ? []
      : [{ what: `the upstream applies ${what}`, next: apply(scenario, world, attempt) }]),
    ...(remembered === 'applied'
      ? []
      : [{ what: `the upstream refuses ${what}`, next: refuse(scenario, world, attempt) }]),
  ];
}

function apply({ upstream }: Rules['scenario'], world: World, attempt: Attempt): World {
  const { history, memory, yes } = world;
  const { target, digest, marked } = attempt;
  const repeated = upstream === 'keyed' && memory[digest] === 'applied';
  const before = history.effects[target] ?? 0;
  const effects = repeated ? before : before + 1;
  // A value that is set reads the same each time it is set.
  const receipt = receiptOf(upstream === 'natural' ? 1 : effects);
  return {
    ...withAttempt(world, { ...attempt, state: { receipt } }),
    memory: upstream === 'keyed' ? { ...memory, [digest]: 'applied' } : memory,
    yes: yes && { ...yes, used: true },
    history: {
      ...history,
      effects: history.effects.with(target, effects),
      unmarked: history.unmarked + (repeated || marked ? 0 : 1),
    },
  };
}

function refuse({ upstream }: Rules['scenario'], world: World, attempt: Attempt): World {
  const { memory } = world;
  return {
    ...withAttempt(world, { ...attempt, state: 'refused' }),
    memory: upstream === 'keyed' ? { ...memory, [attempt.digest]: 'refused' } : memory,
  };
}

/** What the upstream answers about its nth effect. */
export function receiptOf(effect: number): string {
  return JSON.stringify({ receipt: effect });
}

/** What was sent long enough before has arrived by then, or never will. */
export function withoutLost(world: World, at: number): World {
  const isLost = ({ state, sentAt }: Attempt) => state === 'flying' && sentAt + SETTLE_MS <= at;
  return { ...world, attempts: world.attempts.filter((attempt) => !isLost(attempt)) };
}

/** The request may still have an effect that it has not had. */
export function isPossible({ scenario }: Rules, { memory }: World, { state, digest }: Attempt): boolean {
  return state === 'flying' && !(scenario.upstream === 'keyed' && memory[digest] !== undefined);
}

export function withAttempt(world: World, attempt: Attempt): World {
  return { ...withoutAttempt(world, attempt.id), attempts: [...others(world, attempt.id), attempt] };
}

export function withoutAttempt(world: World, id: number): World {
  return { ...world, attempts: others(world, id) };
}

function others({ attempts }: World, id: number): readonly Attempt[] {
  return attempts.filter((attempt) => attempt.id !== id);
}
