/** An operation as operators see it. */
import type { Outcome } from '../execution.ts';
import type { Executed } from '../failure.ts';
import type { Approval, Operation, OperationState } from '../idempotency/operation.ts';
import { isExpired } from '../idempotency/transitions.ts';
import type { JsonValue } from '../json.ts';
import type { Action, ApprovalView, OperationView } from './desk.ts';

/** `operation`: as it reads at this moment. `now`: milliseconds since the epoch, by the store's clock. */
export function viewOf(operation: Operation, now: number): OperationView {
  const { id, state, tool, subject, tenant, outcome, approval, steps, step, charges, firstSent } = operation;
  const mayBeUnderWay = state === 'claimed' || state === 'sent' || state === 'unknown';
  return {
    operation_id: id,
    state,
    executed: executedOf(operation),
    tool,
    subject,
    ...(tenant !== null && { tenant }),
    age_ms: Math.max(0, now - operation.createdAt),
    created_at: iso(operation.createdAt),
    updated_at: iso(operation.updatedAt),
    ...(mayBeUnderWay && { lease_until: iso(operation.leaseUntil) }),
    ...(firstSent !== null && { first_sent_at: iso(firstSent.at) }),
    arguments: operation.asked.arguments,
    ...(approval !== null && { approval: approvalView(approval) }),
    ...(Object.keys(steps).length > 0 && { steps }),
    ...(step !== null && { step }),
    ...(outcome !== null && answerOf(outcome)),
    ...(charges.length > 0 && { charges }),
    ...(operation.resolvedBy !== null && { resolved_by: operation.resolvedBy }),
    actions: actionsOn(operation, now),
  };
}

/** A question that was answered, or is over, waits for nobody. */
export function isWaiting(operation: Operation, now: number): boolean {
  return operation.state === 'pending-approval' && !isExpired(operation, { now, retentionMs: 0 });
}

function actionsOn(operation: Operation, now: number): readonly Action[] {
  if (operation.state === 'unknown') return ['resolve'];
  return isWaiting(operation, now) && operation.approval?.by === 'approver' ? ['approve', 'deny'] : [];
}

const EXECUTED = {
  'pending-approval': 'no',
  approved: 'no',
  denied: 'no',
  claimed: 'pending',
  sent: 'pending',
  unknown: 'unknown',
  released: 'no',
} as const satisfies Record<Exclude<OperationState, 'done'>, Executed>;

function executedOf({ state, outcome }: Operation): Executed {
  if (state !== 'done') return EXECUTED[state];
  if (outcome === null) return 'unknown';
  return outcome.ok ? 'yes' : outcome.error.executed;
}

function answerOf(outcome: Outcome): Pick<OperationView, 'result' | 'error'> {
  // A result is kept as JSON text.
  return outcome.ok ? { result: JSON.parse(outcome.result) as JsonValue } : { error: outcome.error };
}

function approvalView({ by, scope, summary, expiresAt, decidedBy }: Approval): ApprovalView {
  return {
    by,
    ...(scope !== null && { scope }),
    summary,
    expires_at: iso(expiresAt),
    ...(decidedBy !== null && { decided_by: decidedBy }),
  };
}

/** What a damaged row says may be no time at all. */
function iso(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString();
}
