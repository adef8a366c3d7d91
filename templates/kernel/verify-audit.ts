/**
 * Whether audit files are still as they were written. Files that were rotated are given together, the oldest first. Ends
 * with 0 where they are, 1 where they are not, 2 where that cannot be told.
 */
import { createReadStream } from 'node:fs';

import { inspectAudit, type Inspection } from './audit-findings.ts';
import { escapeControls } from './log.ts';

const MOST_SHOWN = 100;

/**
 * Takes the command's arguments; resolves to its exit code, and says on stdout or stderr what it found. `inspectStore`: where
 * audit goes to the store, which is looked at where no file is named.
 */
export async function verifyAudit(files: readonly string[], inspectStore?: () => Promise<Inspection>): Promise<number> {
  if (files.length === 0 && inspectStore === undefined)
    return cannot('Name the files, the oldest first: npm run verify-audit -- <file>…');
  try {
    const inspection = await (files.length === 0 && inspectStore ? inspectStore() : inspectAudit(linesOf(files)));
    if (inspection.events === 0)
      return cannot('There is no audit event in it. Name the file that MCP_AUDIT_FILE names.');
    process.stdout.write(`${report(inspection).map(escapeControls).join('\n')}\n`);
    return inspection.findings.length === 0 ? 0 : 1;
  } catch (error) {
    return cannot(`It cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function report({ events, others, findings, processes }: Inspection): readonly string[] {
  const shown = findings.slice(0, MOST_SHOWN).map(({ line, problem }) => `Line ${line}: ${problem}.`);
  const more = findings.length - shown.length;
  // Whoever keeps these elsewhere also sees when last lines were changed or removed, and processes made up or written anew.
  const ends = [...processes].map(
    ([name, { sequence, hash }]) => `Process ${name}: ${sequence} events, the last ${hash}`,
  );
  return [
    ...shown,
    ...(more > 0 ? [`${more} findings more.`] : []),
    `${events} events, ${others} other lines, ${findings.length} findings.`,
    ...ends,
  ];
}

function cannot(message: string): number {
  process.stderr.write(`${escapeControls(message)}\n`);
  return 2;
}

/** Over all files; split at line feeds alone, which no line holds. */
async function* linesOf(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) {
    let rest = '';
    for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  }
}
