/**
 * One event for every call and for everything that operators do, refused and failed ones too. Built from an
 * allow-list, so credentials cannot reach it.
 */
import { openSync, writeSync } from 'node:fs';

import { chainedLines } from './audit-chain.ts';
import type { Category, Executed } from './failure.ts';
import type { JsonObject } from './json.ts';

export type AuditEvent = ToolCallEvent | ConclusionEvent | OperatorEvent;

/** What every event has. An event may be delivered twice: those with equal ids are one. */
interface EventFacts {
  readonly time: string;
  readonly event_id: string;
}

export interface ToolCallEvent extends EventFacts {
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

/** What became of an operation after its call had been answered, or had been cut off. */
export interface ConclusionEvent extends EventFacts {
  readonly event: 'operation_concluded';
  readonly operation_id: string;
  readonly tool: string;
  readonly subject: string;
  readonly tenant?: string;
  /** How that was found out. */
  readonly by: 'late_answer' | 'look_up' | 'resend' | 'lapsed_claim';
  readonly state: 'done' | 'released' | 'unknown';
  readonly code?: string;
  readonly executed: Executed;
}

/** What an operator did about operations, or was refused. */
export interface OperatorEvent extends EventFacts {
  readonly event: 'operation_decided' | 'operation_resolved' | 'operations_purged' | 'store_held';
  /** Absent where all of the store was meant. */
  readonly operation_id?: string;
  /** Absent where there is no such operation. */
  readonly tool?: string;
  /** Who asked for the operation. */
  readonly requested_by?: string;
  /** The operator. */
  readonly subject: string;
  readonly tenant?: string;
  readonly over: 'command_line' | 'http';
  readonly decision:
    | 'approved'
    | 'denied'
    | 'resolved_as_executed'
    | 'resolved_as_not_executed'
    | 'purged'
    | 'held'
    | 'hold_released'
    | 'refused';
  /** Why it was refused. */
  readonly code?: string;
}

export interface AuditSink {
  /** Throws, or rejects, where the event may not have been kept. */
  record(event: AuditEvent): void | Promise<void>;
  /** Present where something has to be ended. */
  close?(): Promise<void>;
}

/** One JSON line per event on stderr. */
export function stderrAudit(): AuditSink {
  return { record: chainedLines((line) => void process.stderr.write(line)) };
}

/** One JSON line per event at the end of the file, which is made for its owner's eyes only. Throws where it cannot be opened. */
export function fileAudit(path: string): AuditSink {
  return { record: chainedLines(appendTo(openSync(path, 'a', 0o600))) };
}

/** Returns what writes all of a text, or throws. What was left unfinished gets an end, so that it spoils no other line. */
export function appendTo(file: number, write: typeof writeBytes = writeBytes): (text: string) => void {
  let isTorn = false;
  return (text) => {
    const bytes = Buffer.from(isTorn ? `\n${text}` : text);
    let written = 0;
    try {
      while (written < bytes.length) written += write(file, bytes.subarray(written));
      isTorn = false;
    } catch (error) {
      isTorn ||= written > 0;
      throw error;
    }
  };
}

/** May write a part only, as where the disk is almost full; returns how many bytes. */
function writeBytes(file: number, bytes: Uint8Array): number {
  return writeSync(file, bytes);
}
