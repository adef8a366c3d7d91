/** An operation as operators see it. */
import type { Outcome } from '../execution.ts';
import type { Approval, Operation } from '../idempotency/operation.ts';
import { isExpired, isInterrupted } from '../idempotency/transitions.ts';
import type { JsonValue } from '../json.ts';
import { executedOf } from '../pipeline/executed-of.ts';
import type { Action, ApprovalView, OperationView } from './desk.ts';

/** `operation`: as it reads at this moment. `now`: milliseconds since the epoch, by the store's clock. */
export function viewOf(operation: Operation, now: number): OperationView {
  const { id, state, tool, subject, tenant, outcome, approval, steps, step, charges, firstSent } = operation;
  const mayBeUnderWay = state === 'claimed' || state === 'sent' || state === 'unknown';
  return {
    operation_id: id,
    state,
    executed: isInterrupted(operation, now) ? 'unknown' : executedOf(operation),
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
  if (operation.state === 'unknown' || isInterrupted(operation, now)) return ['resolve'];
  return isWaiting(operation, now) && operation.approval?.by === 'approver' ? ['approve', 'deny'] : [];
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
