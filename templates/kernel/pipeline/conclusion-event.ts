/** The audit event of an operation whose end was found out without a call that waited for it. */
import { randomUUID } from 'node:crypto';

import type { ConclusionEvent } from '../audit.ts';
import type { Outcome } from '../execution.ts';
import type { Executed } from '../failure.ts';
import type { Operation } from '../idempotency/operation.ts';

export interface Concluded {
  readonly state: ConclusionEvent['state'];
  readonly answer?: Outcome;
}

export function conclusionEvent(
  { id, tool, subject, tenant }: Operation,
  by: ConclusionEvent['by'],
  { state, answer }: Concluded,
): ConclusionEvent {
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
    executed: executedIn(state, error?.executed),
  };
}

function executedIn(state: ConclusionEvent['state'], told: Executed | undefined): Executed {
  switch (state) {
    case 'done':
      return told ?? 'yes';
    case 'released':
      return 'no';
    case 'unknown':
      return 'unknown';
  }
}
