/** Claims and outcomes for the tests of the stores. */
import type { Outcome } from '../../../templates/kernel/execution.ts';
import type { Claim } from '../../../templates/kernel/idempotency/claim.ts';
import type { Approval, Operation, OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import type { Moment } from '../../../templates/kernel/idempotency/transitions.ts';

let count = 0;

export function claimOf(changes: Partial<Claim> = {}): Claim {
  count += 1;
  return {
    id: `op_${String(count).padStart(24, '0')}`,
    key: 'key-1',
    fingerprint: 'arguments-1',
    tool: 'issue_refund',
    subject: 'ada',
    tenant: 'acme',
    asked: { arguments: { invoice_id: 'inv_1' }, complete: true },
    leaseMs: 60_000,
    afterUnknown: { kind: 'quarantine' },
    approval: null,
    caps: [],
    irreversible: false,
    ...changes,
  };
}

export function operationOf(changes: Partial<Operation> = {}): Operation {
  return {
    id: 'op_000000000000000000000000',
    key: 'key-1',
    fingerprint: 'arguments-1',
    tool: 'issue_refund',
    subject: 'ada',
    tenant: 'acme',
    asked: { arguments: { invoice_id: 'inv_1' }, complete: true },
    state: 'claimed',
    fence: 7,
    leaseUntil: 1_000,
    createdAt: 100,
    updatedAt: 200,
    outcome: null,
    inDoubt: false,
    firstSent: null,
    charges: [],
    approval: null,
    steps: {},
    step: null,
    resolvedBy: null,
    ...changes,
  };
}

/** The lease of `operationOf` ends at LEASE_END. */
export const BEFORE = 999;
export const LEASE_END = 1_000;

export function inState(state: OperationState, changes: Partial<Operation> = {}): Operation {
  return operationOf({ state, outcome: state === 'done' ? succeeded : null, ...changes });
}

export function momentAt(now: number, changes: Partial<Moment> = {}): Moment {
  return { now, lastFence: 7, retentionMs: 10_000, held: false, ...changes };
}

export const approverAsked: Approval = {
  by: 'approver',
  scope: 'refunds:approve',
  summary: 'Refund',
  expiresMs: 900,
  expiresAt: 1_000,
  decidedBy: null,
};
export const callerAsked: Approval = { ...approverAsked, by: 'caller', scope: null };

export const succeeded: Outcome = { ok: true, result: '{"refund_id":"re_1"}' };
export const refused: Outcome = {
  ok: false,
  error: {
    code: 'REFUND_EXCEEDS_LIMIT',
    category: 'failed_precondition',
    message: 'Too large.',
    retryable: false,
    retry: 'after_fix',
    executed: 'no',
  },
};

/** What may have become of the row of a finished operation: a title, the column, and what stands in it. */
export const POISONED: readonly (readonly [string, 'state' | 'outcome' | 'details', string | null])[] = [
  ['an outcome that is no JSON', 'outcome', '{"ok":tr'],
  ['an outcome of another shape', 'outcome', '{"ok":true,"result":7}'],
  ['an outcome whose result is no JSON', 'outcome', '{"ok":true,"result":"{"}'],
  ['a refusal without its code', 'outcome', '{"ok":false,"error":{}}'],
  ['no outcome', 'outcome', null],
  ['a state that does not exist', 'state', 'finished'],
  ['details that are no JSON', 'details', '{"asked":'],
  ['details of another shape', 'details', '{"asked":{"arguments":{},"complete":true},"inDoubt":"no"}'],
];
