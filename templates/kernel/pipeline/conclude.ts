/** From how an execution ended to what becomes of the operation, and what the caller is told. Pure. */
import { createHash } from 'node:crypto';

import { outcomeOf, type Execution, type Outcome } from '../execution.ts';
import type { ErrorBody } from '../failure.ts';
import type { Operation } from '../idempotency/operation.ts';
import { resultOmitted } from './errors.ts';

/** Results above this are told once and kept only as a reference. */
const LARGEST_RESULT_BYTES = 256_000;

export interface Conclusion {
  readonly answer: Outcome;
  readonly state: 'done' | 'released' | 'unknown';
  /** What is kept, where that is not the answer itself. */
  readonly kept?: Outcome;
  /** Released although an earlier attempt was in doubt: it had no effect either. */
  readonly certain?: boolean;
}

export function conclude(execution: Execution<string>, { id, inDoubt }: Pick<Operation, 'id' | 'inDoubt'>): Conclusion {
  const answer = outcomeOf(execution);
  switch (execution.kind) {
    case 'succeeded':
      return { state: 'done', answer, ...referenceTo(execution.result, id) };
    case 'not-sent':
      return inDoubt ? stillUnknown(execution.error) : { state: 'released', answer };
    case 'rejected': {
      const { error, terminal, certain = false, isPartly = false } = execution;
      if (inDoubt && !certain && error.executed !== 'yes') return stillUnknown(error);
      // What it did is on record step by step, so that the same call may go on.
      if (isPartly) return { state: terminal ? 'done' : 'released', answer };
      return { state: stateAfterRefusal(error, terminal), answer, certain };
    }
    case 'ambiguous':
      return { state: 'unknown', answer };
  }
}

/** This attempt had no effect; whether an earlier one had, nobody knows. */
function stillUnknown(error: ErrorBody): Conclusion {
  const doubtful: ErrorBody = { ...error, retryable: false, retry: 'check_status_first', executed: 'unknown' };
  return { state: 'unknown', answer: { ok: false, error: doubtful } };
}

/** Only what was certainly not executed frees its key. */
function stateAfterRefusal({ executed }: ErrorBody, terminal: boolean): Conclusion['state'] {
  if (executed === 'unknown' || executed === 'pending') return 'unknown';
  return terminal || executed === 'yes' ? 'done' : 'released';
}

function referenceTo(result: string, operationId: string): { readonly kept?: Outcome } {
  const bytes = Buffer.byteLength(result);
  if (bytes <= LARGEST_RESULT_BYTES) return {};
  const sha256 = createHash('sha256').update(result).digest('hex');
  return { kept: { ok: false, error: resultOmitted(operationId, { bytes, sha256 }) } };
}
