/** What must hold in every world that can be reached. */
import type { Current } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import type { Rules } from './steps.ts';
import { KEYS, rowOf } from './store-steps.ts';
import { isPossible, receiptOf } from './upstream.ts';
import type { World } from './world.ts';

export interface Invariant {
  readonly name: string;
  holds(world: World, rules: Rules): boolean;
}

export const INVARIANTS = {
  oneEffect: {
    name: 'one key, or one step of it, has one effect at most',
    holds: ({ history }, { scenario }) =>
      scenario.upstream === 'natural' || history.effects.every((effects) => effects <= 1),
  },
  marked: {
    name: 'no effect without a SENT on record before',
    holds: ({ history }) => history.unmarked === 0,
  },
  toldOnce: {
    name: 'an answer that was given is on record, and never changes',
    holds: (world) => world.history.told.every((told) => isOnRecord(world, told)),
  },
  truthful: {
    name: 'a success on record has happened',
    holds: ({ rows, history }, { scenario }) =>
      rows.every((row, index) => {
        if (row?.state !== 'done' || row.outcome?.ok !== true) return true;
        const effects = scenario.steps > 0 ? history.effects : [history.effects[index] ?? 0];
        return effects.every((count) => count > 0) && row.outcome.result === receiptOf(1);
      }),
  },
  notDenied: {
    name: 'what happened, or still may, reads as SENT, UNKNOWN or its true outcome',
    holds: (world, rules) =>
      rules.scenario.afterUnknown === 'set-again' ||
      world.history.effects.every(
        (_, target) => !mayHaveHappened(world, rules, target) || isAdmitted(world, rules, target),
      ),
  },
  notRerun: {
    name: 'nothing runs again from UNKNOWN',
    holds: ({ history }) => history.reruns === 0,
  },
  approved: {
    name: 'nothing is executed without a yes to it, nor twice on one',
    holds: ({ history }) => history.unapproved === 0,
  },
  withinCap: {
    name: 'no more happened, or may have, than the cap allows',
    holds: (world, rules) => {
      const { cap, steps } = rules.scenario;
      if (cap === null || steps > 0) return true;
      return world.history.effects.filter((_, target) => mayHaveHappened(world, rules, target)).length <= cap;
    },
  },
  charged: {
    name: 'what may be executed, or was in part, is charged; what provably was not is charged no more',
    holds: ({ rows, count }, { scenario }) => scenario.cap === null || count === rows.filter(isToBeCharged).length,
  },
} as const satisfies Readonly<Record<string, Invariant>>;

function isToBeCharged(row: Current): boolean {
  if (row === undefined) return false;
  const { state, steps } = row;
  return ['claimed', 'sent', 'unknown', 'done'].includes(state) || Object.keys(steps).length > 0;
}

function isOnRecord({ rows }: World, told: string): boolean {
  return rows.some((row, index) => row?.state === 'done' && told === `${KEYS[index]} ${JSON.stringify(row.outcome)}`);
}

function mayHaveHappened(world: World, rules: Rules, target: number): boolean {
  const { effects } = world.history;
  if ((effects[target] ?? 0) > 0) return true;
  return world.attempts.some((attempt) => attempt.target === target && isPossible(rules, world, attempt));
}

/** An operation that is sent again stays in doubt, which `claimed` does not hide. */
function isAdmitted(world: World, { scenario, protocol }: Rules, target: number): boolean {
  const row = rowOf(world, scenario.steps > 0 ? KEYS[0] : (KEYS[target] ?? KEYS[0]));
  const read = row && protocol.asOf(row, world.now);
  if (read === undefined) return false;
  if (scenario.steps > 0 && Object.hasOwn(read.steps, String(target))) return true;
  const isTrue = read.state === 'done' && read.outcome?.ok === true && (world.history.effects[target] ?? 0) > 0;
  return isTrue || read.inDoubt || read.state === 'sent' || read.state === 'unknown';
}
