/** One event for every call, refused and failed ones too. Built from an allow-list, so credentials cannot reach it. */
import type { Category, Executed } from './failure.ts';
import type { JsonObject } from './json.ts';

export interface AuditEvent {
  readonly time: string;
  readonly event: 'tool_call';
  readonly operation_id: string;
  readonly tool: string;
  readonly subject: string;
  readonly tenant?: string;
  readonly run: string;
  readonly decision: 'executed' | 'replayed' | 'refused' | 'failed';
  readonly code?: string;
  readonly category?: Category;
  readonly executed: Executed;
  readonly duration_ms: number;
  readonly replayed: boolean;
  readonly arguments: JsonObject;
}

export interface AuditSink {
  record(event: AuditEvent): void;
}
