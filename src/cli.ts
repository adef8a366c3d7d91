/** The command line's entry: runs one command and sets the process's exit code. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { reportFailure } from './cli/failure.ts';
import { buildProgram, type ProgramName, type RunCommand } from './cli/program.ts';
import { watchSignals } from './cli/signals.ts';
import { openTerminal } from './cli/terminal.ts';
import { CannotRun } from './commands/cannot-run.ts';
import { ownPackage } from './commands/own-package.ts';
import type { CommandContext } from './commands/terminal.ts';

/** What every command understands, as commander read it. */
interface GlobalFlags {
  readonly manifest?: string;
  readonly cwd?: string;
  readonly json?: boolean;
  /** Of `check` alone. */
  readonly format?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
}

/**
 * Runs the command line of this process. Never throws; the outcome is the exit code: 0 done, 1 findings,
 * 2 cannot run, 3 internal error, 130 interrupted.
 */
export async function main(name: ProgramName): Promise<void> {
  const argv = process.argv.slice(2);
  // A reader such as `head` that has seen enough is no fault of the command.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  const signals = watchSignals(process);
  try {
    const program = buildProgram({
      name,
      version: ownPackage().version,
      execute: (command, run) => execute(command, run, signals.interrupted),
    });
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    process.exitCode = reportFailure(error, { argv, exitCodeOfSignal: signals.exitCode() });
  } finally {
    signals.stop();
  }
}

async function execute(command: Command, run: RunCommand, interrupted: AbortSignal): Promise<void> {
  const flags = command.optsWithGlobals<GlobalFlags>();
  // Prompts and child processes read the variable, not our flag.
  if (!flags.color) process.env['NO_COLOR'] = '1';
  const json = flags.json === true || flags.format === 'json';
  const context: CommandContext = {
    cwd: existingDirectory(flags.cwd ?? '.'),
    manifest: flags.manifest,
    terminal: openTerminal({ json, quiet: flags.quiet === true }, process),
    interrupted,
  };
  const outcome = await run(context, { ...flags, arguments: command.args });
  interrupted.throwIfAborted();
  if (json)
    process.stdout.write(`${JSON.stringify({ exitCode: outcome.exitCode, ...outcome.document }, undefined, 2)}\n`);
  process.exitCode = outcome.exitCode;
}

function existingDirectory(path: string): string {
  const directory = resolve(path);
  if (!statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CannotRun(`--cwd: there is no directory ${path}.`);
  }
  return directory;
}

if (import.meta.main) await main('hardened-mcp');
