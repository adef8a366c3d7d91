/** Whether audit lines are still those that were written. */
import { hashOfLine, type Chain } from './audit-chain.ts';
import { isJsonObject } from './json.ts';

export interface Finding {
  /** From 1. */
  readonly line: number;
  readonly problem: string;
}

/** What was last seen of one process: its number of lines, and what its next line would have to name. */
export interface LastOf {
  readonly sequence: number;
  readonly hash: string;
}

export interface Inspection {
  readonly events: number;
  /** Lines that are no events, as a log on the same stream has them. */
  readonly others: number;
  readonly findings: readonly Finding[];
  /** By the names of the processes, in the order they began in. */
  readonly processes: ReadonlyMap<string, LastOf>;
}

/**
 * Takes lines without their ends. That a process's last lines are changed or missing, or that a whole process was made up,
 * cannot be seen from the lines. `before`: where lines ended that were removed for their age.
 */
export async function inspectAudit(
  lines: AsyncIterable<string>,
  before: ReadonlyMap<string, LastOf> = new Map(),
): Promise<Inspection> {
  const processes = new Map(before);
  const findings: Finding[] = [];
  let [line, events, others] = [0, 0, 0];
  for await (const text of lines) {
    line += 1;
    const read = readLine(text);
    if (read === 'other') {
      others += 1;
      continue;
    }
    events += 1;
    if (typeof read === 'string') {
      findings.push({ line, problem: read });
      continue;
    }
    const problem = problemOf(read, processes.get(read.process));
    if (problem !== undefined) findings.push({ line, problem });
    processes.set(read.process, { sequence: read.sequence, hash: hashOfLine(text) });
  }
  return { events, others, findings, processes };
}

function problemOf({ sequence, previous }: Chain, last: LastOf | undefined): string | undefined {
  const expected = (last?.sequence ?? 0) + 1;
  if (sequence > expected) return `${sequence - expected} before it are missing (${expected} to ${sequence - 1})`;
  if (sequence < expected) return `it is number ${sequence} of its process, but stands where ${expected} belongs`;
  return previous === (last?.hash ?? null) ? undefined : 'the line of its process before it was changed';
}

/** A text says what is wrong with the line; `other`: it is none of audit's. */
function readLine(text: string): Chain | string {
  const value = parse(text);
  if (!isJsonObject(value)) return 'it is damaged: not a JSON object';
  const { event, chain } = value;
  if (event === undefined && chain === undefined) return 'other';
  if (!isJsonObject(chain)) return 'it has no chain, so this server did not write it';
  const { process: name, sequence, previous } = chain;
  const isSound =
    typeof name === 'string' && Number.isSafeInteger(sequence) && (previous === null || typeof previous === 'string');
  return isSound ? { process: name, sequence: Number(sequence), previous } : 'its chain is damaged';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
