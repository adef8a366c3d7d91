/** Whether the effect of an operation happened, as far as its record says. */
import type { Executed } from '../failure.ts';
import { hasSteps, type Operation, type OperationState } from '../idempotency/operation.ts';

const EXECUTED = {
  'pending-approval': 'no',
  approved: 'no',
  denied: 'no',
  claimed: 'pending',
  sent: 'pending',
  unknown: 'unknown',
  released: 'no',
} as const satisfies Record<Exclude<OperationState, 'done'>, Executed>;

export function executedOf({ state, outcome, steps }: Pick<Operation, 'state' | 'outcome' | 'steps'>): Executed {
  // Some of it was, and the same call would do the rest.
  if (state === 'released' && hasSteps({ steps })) return 'unknown';
  if (state !== 'done') return EXECUTED[state];
  if (outcome === null) return 'unknown';
  return outcome.ok ? 'yes' : outcome.error.executed;
}
