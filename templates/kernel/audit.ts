/** One event for every call, refused and failed ones too. Built from an allow-list, so credentials cannot reach it. */
import { openSync, writeSync } from 'node:fs';

import type { Category, Executed } from './failure.ts';
import type { JsonObject } from './json.ts';
import { escapeControls } from './log.ts';

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

/** One JSON line per event on stderr. */
export function stderrAudit(): AuditSink {
  return { record: (event) => void process.stderr.write(toLine(event)) };
}

/** One JSON line per event at the end of the file, which is made for its owner's eyes only. Throws where it cannot be opened. */
export function fileAudit(path: string): AuditSink {
  const file = openSync(path, 'a', 0o600);
  return { record: (event) => void writeSync(file, toLine(event)) };
}

function toLine(event: AuditEvent): string {
  return `${escapeControls(JSON.stringify(event))}\n`;
}
