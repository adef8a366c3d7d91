/**
 * Links the lines of one process, so that a line before its last that was changed, removed, inserted or moved shows. There
 * is no key in it: whoever can write lines can write whole chains. `verify-audit.ts` looks.
 */
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

/** A line as it is written, without its end, and what the next one of its process follows. */
export interface Link {
  readonly line: string;
  readonly chain: Chain;
  readonly hash: string;
}

/** The next line of a process; `last` is absent for its first. */
export function linkTo(name: string, last: Link | undefined, event: AuditEvent): Link {
  const chain: Chain = {
    process: name,
    sequence: (last?.chain.sequence ?? 0) + 1,
    previous: last?.hash ?? null,
  };
  const line = escapeControls(JSON.stringify({ ...event, chain }));
  return { line, chain, hash: hashOfLine(line) };
}

/** `write` gets one whole line each time; where it throws, the line counts as not written. */
export function chainedLines(write: (line: string) => void): (event: AuditEvent) => void {
  const name = randomUUID();
  let last: Link | undefined;
  return (event) => {
    const link = linkTo(name, last, event);
    write(`${link.line}\n`);
    last = link;
  };
}

/** Without the line's end. */
export function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}
