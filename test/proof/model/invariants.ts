import type { Protocol } from './protocol.ts';
import type { Rules } from './steps.ts';
/** What must hold in every world that can be reached. */
import { receiptOf } from './upstream-steps.ts';
import type { World } from './world.ts';

export interface Invariant {
  readonly name: string;
  holds(world: World, rules: Rules): boolean;
}

export const INVARIANTS = {
  oneEffect: {
    name: 'one key has one effect at most',
    holds: ({ history }, { scenario }) => history.effects <= 1 || scenario.upstream === 'natural',
  },
  marked: {
    name: 'no effect without a SENT on record before',
    holds: ({ history }) => history.unmarked === 0,
  },
  toldOnce: {
    name: 'an answer that was given is on record, and never changes',
    holds: ({ row, history }) => {
      const [told, other] = history.told;
      return (
        told === undefined || (other === undefined && row?.state === 'done' && JSON.stringify(row.outcome) === told)
      );
    },
  },
  truthful: {
    name: 'a success on record has happened',
    holds: ({ row, history }) => {
      if (row?.state !== 'done' || row.outcome?.ok !== true) return true;
      return history.effects > 0 && row.outcome.result === receiptOf(1);
    },
  },
  notDenied: {
    name: 'what happened, or still may, reads as SENT, UNKNOWN or its true outcome',
    holds: (world, { scenario, protocol }) => scenario.recovery === 'send-again' || isAdmitted(world, protocol),
  },
  notRerun: {
    name: 'nothing runs again from UNKNOWN',
    holds: ({ history }) => history.reruns === 0,
  },
} as const satisfies Readonly<Record<string, Invariant>>;

function isAdmitted({ row, now, attempts, history }: World, { asOf }: Protocol): boolean {
  const possible = attempts.some(({ state }) => state === 'flying');
  if (history.effects === 0 && !possible) return true;
  const read = row && asOf(row, now);
  if (read?.state === 'sent' || read?.state === 'unknown') return true;
  return history.effects > 0 && read?.state === 'done' && read.outcome?.ok === true;
}
