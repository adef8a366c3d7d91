/** The audit event of a call that ended, however it ended. */
import { randomUUID } from 'node:crypto';

import type { ToolCallEvent } from '../audit.ts';
import type { ErrorBody, Executed } from '../failure.ts';
import { projectArguments } from './audit-arguments.ts';
import type { Answer, Kernel, ToolCall, Trail } from './call.ts';

/** How the call ended, as audit has it. */
export interface Verdict {
  readonly decision: ToolCallEvent['decision'];
  readonly executed: Executed;
  readonly replayed: boolean;
  readonly error?: Pick<ErrorBody, 'code' | 'category'>;
}

const LONGEST_NAME = 128;

export function verdictOf({ outcome, replayed = false }: Answer): Verdict {
  if (outcome.ok) return { decision: replayed ? 'replayed' : 'executed', executed: 'yes', replayed };
  const { error } = outcome;
  return { decision: replayed ? 'replayed' : 'failed', executed: error.executed, replayed, error };
}

export function auditEvent(
  { settings }: Pick<Kernel, 'settings'>,
  call: ToolCall,
  trail: Trail,
  verdict: Verdict,
): ToolCallEvent {
  const { decision, executed, replayed, error } = verdict;
  const { subject, tenant, run } = call.caller;
  return {
    time: new Date().toISOString(),
    event: 'tool_call',
    event_id: randomUUID(),
    operation_id: trail.operationId,
    tool: call.name.slice(0, LONGEST_NAME),
    subject,
    ...(tenant === undefined ? {} : { tenant }),
    run,
    decision,
    ...(error === undefined ? {} : { code: error.code, category: error.category }),
    executed,
    duration_ms: Math.round(performance.now() - trail.startedAt),
    replayed,
    arguments: trail.loaded === undefined ? {} : projectArguments(trail.loaded.tool, trail.arguments, settings),
  };
}
