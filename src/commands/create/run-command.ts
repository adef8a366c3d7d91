/** Runs other programs: an argument array, never a shell; their output is kept back and shown only on failure. */
import { execa, ExecaError } from 'execa';

import type { CommandLine } from '../../render/package-manager.ts';
import { throwIfInterrupted } from '../cannot-run.ts';

/** The program ran and failed, or could not be started. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly line: CommandLine;
  /** What it printed on stdout and stderr, in order. */
  readonly output: string;
  /** There is no such program. */
  readonly notFound: boolean;

  constructor(line: CommandLine, failure: { readonly output: string; readonly notFound: boolean }) {
    super(failure.notFound ? `${line[0]} was not found.` : `${line.join(' ')} failed.`);
    this.line = line;
    this.output = failure.output;
    this.notFound = failure.notFound;
  }
}

export interface RunOptions {
  readonly cwd: string;
  readonly interrupted: AbortSignal;
}

/** Gives what the program printed on stdout. Throws `CommandFailed`, or `Interrupted` once the signal is aborted. */
export async function runCommand(line: CommandLine, { cwd, interrupted }: RunOptions): Promise<string> {
  throwIfInterrupted(interrupted);
  const [program, ...args] = line;
  try {
    const { stdout } = await execa(program, args, { cwd, all: true, stdin: 'ignore', cancelSignal: interrupted });
    return stdout;
  } catch (error) {
    throwIfInterrupted(interrupted);
    if (!(error instanceof ExecaError)) throw error;
    throw new CommandFailed(line, { output: String(error.all ?? ''), notFound: error.code === 'ENOENT' });
  }
}
