/** Links the lines of one process, so that a line that was changed, removed, inserted or moved shows. `verify-audit.ts` looks. */
import { createHash, randomUUID } from 'node:crypto';

import type { AuditEvent } from './audit.ts';
import { escapeControls } from './log.ts';

/** What every line has besides its event. */
export interface Chain {
  /** A name of its own for every process: several may write to one file. */
  readonly process: string;
  /** 1 for a process's first line. */
  readonly sequence: number;
  /** SHA-256 of the process's line before, as it was written; `null` in its first. */
  readonly previous: string | null;
}

/** `write` gets one whole line each time; where it throws, the line counts as not written. */
export function chainedLines(write: (line: string) => void): (event: AuditEvent) => void {
  const process = randomUUID();
  let last: Omit<Chain, 'process'> = { sequence: 0, previous: null };
  return (event) => {
    const sequence = last.sequence + 1;
    const chain: Chain = { process, sequence, previous: last.previous };
    const line = escapeControls(JSON.stringify({ ...event, chain }));
    write(`${line}\n`);
    last = { sequence, previous: hashOfLine(line) };
  };
}

/** Without the line's end. */
export function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
