/** The audit event of a call that ended, however it ended. */
import type { AuditEvent } from '../audit.ts';
import type { ErrorBody, Executed } from '../failure.ts';
import { projectArguments } from './audit-arguments.ts';
import type { ToolCall, Trail } from './call.ts';

/** How the call ended, as audit has it. */
export interface Verdict {
  readonly decision: AuditEvent['decision'];
  readonly executed: Executed;
  readonly replayed: boolean;
  readonly error?: Pick<ErrorBody, 'code' | 'category'>;
}

const LONGEST_NAME = 128;

export function auditEvent(call: ToolCall, trail: Trail, { decision, executed, replayed, error }: Verdict): AuditEvent {
  const { subject, tenant, run } = call.caller;
  return {
    time: new Date().toISOString(),
    event: 'tool_call',
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
    arguments: trail.loaded === undefined ? {} : projectArguments(trail.loaded.tool, trail.arguments),
  };
}
