/** The audit event of an operation whose end was found out without a call that waited for it. */
import { randomUUID } from 'node:crypto';

import type { ConclusionEvent } from '../audit.ts';
import type { Outcome } from '../execution.ts';
import type { Operation } from '../idempotency/operation.ts';
import { executedOf } from './executed-of.ts';

export interface Concluded {
  readonly state: ConclusionEvent['state'];
  readonly answer?: Outcome;
}

export function conclusionEvent(
  operation: Operation,
  by: ConclusionEvent['by'],
  { state, answer }: Concluded,
): ConclusionEvent {
  const { id, tool, subject, tenant } = operation;
  const error = answer?.ok === false ? answer.error : undefined;
  return {
    time: new Date().toISOString(),
    event: 'operation_concluded',
    event_id: randomUUID(),
    operation_id: id,
    tool,
    subject,
    ...(tenant === null ? {} : { tenant }),
    by,
    state,
    ...(error === undefined ? {} : { code: error.code }),
    executed: state === 'done' ? (error?.executed ?? 'yes') : executedOf({ ...operation, state }),
  };
}
