/** An event of a call, as audit has it. */
import type { AuditEvent } from '../../../templates/kernel/audit.ts';

export function eventOf(tool: string): AuditEvent {
  return {
    time: '2026-11-20T12:00:00.000Z',
    event: 'tool_call',
    event_id: `event-${tool}`,
    operation_id: 'op_1',
    tool,
    subject: 'ada\u2028',
    run: 'run-1',
    decision: 'refused',
    executed: 'no',
    duration_ms: 1,
    replayed: false,
    arguments: {},
  };
}
