/** Claims and outcomes for the tests of the stores. */
import type { Outcome } from '../../../templates/kernel/execution.ts';
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { Claim } from '../../../templates/kernel/idempotency/store.ts';

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
    leaseMs: 60_000,
    sendAgain: false,
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
    state: 'claimed',
    fence: 7,
    leaseUntil: 1_000,
    createdAt: 100,
    updatedAt: 200,
    outcome: null,
    ...changes,
  };
}

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
export const POISONED: readonly (readonly [string, 'state' | 'outcome', string | null])[] = [
  ['an outcome that is no JSON', 'outcome', '{"ok":tr'],
  ['an outcome of another shape', 'outcome', '{"ok":true,"result":7}'],
  ['an outcome whose result is no JSON', 'outcome', '{"ok":true,"result":"{"}'],
  ['a refusal without its code', 'outcome', '{"ok":false,"error":{}}'],
  ['no outcome', 'outcome', null],
  ['a state that does not exist', 'state', 'finished'],
];
