/** From how an execution ended to what becomes of the operation, and what the caller is told. Pure. */
import { createHash } from 'node:crypto';

import { outcomeOf, type Execution, type Outcome } from '../execution.ts';
import type { ErrorBody } from '../failure.ts';
import { resultOmitted } from './errors.ts';

/** Results above this are told once and kept only as a reference. */
const LARGEST_RESULT_BYTES = 256_000;

export interface Conclusion {
  readonly answer: Outcome;
  readonly state: 'done' | 'released' | 'unknown';
  /** What is kept, where that is not the answer itself. */
  readonly kept?: Outcome;
}

export function conclude(execution: Execution<string>, operationId: string): Conclusion {
  const answer = outcomeOf(execution);
  switch (execution.kind) {
    case 'succeeded':
      return { state: 'done', answer, ...referenceTo(execution.result, operationId) };
    case 'not-sent':
      return { state: 'released', answer };
    case 'rejected':
      return { state: stateAfterRefusal(execution.error, execution.terminal), answer };
    case 'ambiguous':
      return { state: 'unknown', answer };
  }
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
