/** From how an execution ended to what becomes of the operation, and what the caller is told. Pure. */
import { createHash } from 'node:crypto';

import type { Execution } from '../execution.ts';
import type { ErrorBody } from '../failure.ts';
import type { Outcome } from '../idempotency/operation.ts';
import type { Validator } from '../tool.ts';
import { CHECK_STATUS, resultInvalid, resultOmitted } from './errors.ts';
import { shapeResult } from './shape-result.ts';

/** Results above this are told once and kept only as a reference. */
const LARGEST_RESULT_BYTES = 256_000;

export interface Conclusion {
  readonly answer: Outcome;
  readonly state: 'done' | 'released' | 'unknown';
  /** What is kept, where that is not the answer itself. */
  readonly kept?: Outcome;
}

export function conclude(
  execution: Execution,
  { operationId, output }: { readonly operationId: string; readonly output: Validator | undefined },
): Conclusion {
  switch (execution.kind) {
    case 'succeeded': {
      const result = shapeResult(execution.result, output);
      if (result === undefined) return { state: 'done', answer: { ok: false, error: resultInvalid(operationId) } };
      return { state: 'done', answer: { ok: true, result }, ...referenceTo(result, operationId) };
    }
    case 'not-sent':
      return { state: 'released', answer: failed(execution.error, operationId) };
    case 'rejected':
      return {
        state: stateAfterRefusal(execution.error, execution.terminal),
        answer: failed(execution.error, operationId),
      };
    case 'ambiguous':
      return { state: 'unknown', answer: failed(execution.error, operationId) };
  }
}

/** Only what was certainly not executed frees its key. */
function stateAfterRefusal({ executed }: ErrorBody, terminal: boolean): Conclusion['state'] {
  if (executed === 'unknown' || executed === 'pending') return 'unknown';
  return terminal || executed === 'yes' ? 'done' : 'released';
}

function failed(error: ErrorBody, operationId: string): Outcome {
  const action = error.executed === 'unknown' ? { suggested_action: CHECK_STATUS } : {};
  return { ok: false, error: { ...action, ...error, operation_id: operationId } };
}

function referenceTo(result: string, operationId: string): { readonly kept?: Outcome } {
  const bytes = Buffer.byteLength(result);
  if (bytes <= LARGEST_RESULT_BYTES) return {};
  const sha256 = createHash('sha256').update(result).digest('hex');
  return { kept: { ok: false, error: resultOmitted(operationId, { bytes, sha256 }) } };
}
