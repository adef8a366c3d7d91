/** What a call came to goes on record, and is told. */
import type { Claimed } from '../../../templates/kernel/idempotency/claim.ts';
import { tell } from './claims.ts';
import type { Rules, Step } from './steps.ts';
import { change } from './store-steps.ts';
import type { At } from './worker-steps.ts';
import type { Busy, Sending } from './worker.ts';
import { withWorker, type World } from './world.ts';

export function recordSteps(at: At, worker: Extract<Busy, { readonly at: 'recording' }>): Step {
  const { rules, world, index, name } = at;
  const { protocol, scenario } = rules;
  const { operation: claimed, conclusion, late } = worker;
  const idle = (changed: World) => withWorker(changed, index, { at: 'idle' });
  switch (conclusion.state) {
    case 'released': {
      const { certain = false } = conclusion;
      const { world: next } = change(world, claimed.key, (current, { now }) =>
        protocol.release(current, { claimed, certain }, now),
      );
      return { what: `${name} gives the key back`, next: idle(next) };
    }
    case 'unknown':
      return { what: `${name} records UNKNOWN`, next: idle(recordUnknown(rules, world, claimed)) };
    case 'done': {
      const outcome = conclusion.kept ?? conclusion.answer;
      const { world: after, result } = change(world, claimed.key, (current, { now }) =>
        protocol.recordOutcome(current, { claimed, outcome }, now),
      );
      const isTold = result !== 'lost' && !late && scenario.afterUnknown !== 'set-again';
      const next = idle(isTold ? tell(after, claimed.key, conclusion.answer) : after);
      return { what: `${name} records its outcome: ${result}`, next };
    }
  }
}

export function recordUnknown({ protocol }: Rules, world: World, claimed: Claimed): World {
  return change(world, claimed.key, (current, { now }) => protocol.recordUnknown(current, claimed, now)).world;
}

/** The deadline: the caller is told that the outcome is unknown, the work is called off. The store may be away just then. */
export function giveUp({ rules, world, index, name }: At, worker: Extract<Busy, Sending>): readonly Step[] {
  if (worker.late) return [];
  const { key, fence } = worker.operation;
  const late = withWorker(world, index, { ...worker, late: true });
  const recorded = recordUnknown(rules, late, { key, fence });
  const owed = [...world.owed, { key, fence }];
  return [
    { what: `${name} is at its deadline, and records UNKNOWN`, next: recorded },
    { what: `${name} is at its deadline, and the store away`, next: { ...late, owed } },
  ];
}
