/** Step 14: what an execution came to, on record together with its audit event, and what the caller is told. */
import type { AuditEvent } from '../audit.ts';
import type { Execution } from '../execution.ts';
import type { Operation } from '../idempotency/operation.ts';
import { entryOf } from './audit-entry.ts';
import type { Write } from './begin-write.ts';
import type { Answer } from './call.ts';
import { conclude, type Conclusion } from './conclude.ts';
import { conclusionEvent } from './conclusion-event.ts';
import { outcomeUnknown, resultInvalid } from './errors.ts';
import type { Ending } from './execute-tool.ts';
import type { Lease } from './lease.ts';
import { recordOutcome } from './record-outcome.ts';

export interface UnderWay extends Write {
  readonly operation: Operation;
  readonly lease: Lease;
  /** The event that tells of the answer, as audit and store get it. */
  readonly describe: (answer: Answer, state: Conclusion['state']) => AuditEvent;
}

export async function finish(underWay: UnderWay, ending: Ending): Promise<Answer> {
  const { kernel, operation } = underWay;
  if (ending.kind === 'finished') return record(underWay, conclude(ending.execution, operation));
  const answer = await record(underWay, {
    state: 'unknown',
    answer: { ok: false, error: outcomeUnknown(operation.id) },
  });
  kernel.background(recordLate(underWay, ending.late));
  return answer;
}

/** The effect exists already. `result`: JSON text, or `null` where it does not fit the output schema. */
export function finishFound(underWay: UnderWay, result: string | null): Promise<Answer> {
  return record(underWay, foundConclusion(result, underWay.operation), { replayed: true });
}

export function foundConclusion(result: string | null, operation: Operation): Conclusion {
  return result === null
    ? { state: 'done', answer: { ok: false, error: resultInvalid(operation.id) } }
    : conclude({ kind: 'succeeded', result }, operation);
}

async function record(
  underWay: UnderWay,
  conclusion: Conclusion,
  more: Pick<Answer, 'replayed'> = {},
): Promise<Answer> {
  const answer = { outcome: conclusion.answer, ...more };
  const event = underWay.describe(answer, conclusion.state);
  const recorded = await recordOutcome(underWay, underWay.operation, { ...conclusion, entry: entryOf(event) });
  return { ...answer, recorded };
}

/** Should the work end after all, that is the truth, however late. */
async function recordLate(underWay: UnderWay, late: Promise<Execution<string>>): Promise<void> {
  const { operation } = underWay;
  const conclusion = conclude(await late, operation);
  const event = conclusionEvent(operation, 'late_answer', conclusion);
  await recordOutcome(underWay, operation, { ...conclusion, entry: entryOf(event) });
  underWay.kernel.deliver(event);
}
