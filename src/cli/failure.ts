/** What is said, and which code is given, when a command ended in an error. */
import { CommanderError } from 'commander';

import { CannotRun, Interrupted } from '../commands/cannot-run.ts';
import { ownPackage } from '../commands/own-package.ts';
import type { ExitCode } from '../commands/terminal.ts';

export interface FailureContext {
  readonly argv: readonly string[];
  readonly exitCodeOfSignal: ExitCode | undefined;
}

/** The machine said no: nothing that a change of this program would help. */
const REFUSED_BY_THE_SYSTEM = new Set([
  'EACCES',
  'EBUSY',
  'EDQUOT',
  'EISDIR',
  'ELOOP',
  'EMFILE',
  'ENAMETOOLONG',
  'ENFILE',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);

/** Prints the failure, and under `--json` one document about it on stdout; gives the exit code. */
export function reportFailure(error: unknown, { argv, exitCodeOfSignal }: FailureContext): ExitCode {
  // commander has printed its own by now. Asking for help or the version ends here, too, and is no failure.
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    return finish(2, { code: 'usage', message: error.message.replace(/^error: /, '') });
  }
  if (error instanceof Interrupted) {
    process.stderr.write('Interrupted.\n');
    return finish(exitCodeOfSignal ?? 130, { code: 'interrupted', message: error.message });
  }
  if (error instanceof CannotRun) {
    process.stderr.write(`${error.message}\n`);
    return finish(2, { code: 'cannot-run', message: error.message }, error.details);
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isSystemRefusal(error)) {
    process.stderr.write(`${message}\n`);
    return finish(2, { code: 'cannot-run', message });
  }
  process.stderr.write(
    bugReport({ error, message, withStack: argv.includes('--debug') || Boolean(process.env['DEBUG']) }),
  );
  return finish(3, { code: 'internal', message });

  function finish(exitCode: ExitCode, about: { code: string; message: string }, details = {}): ExitCode {
    if (asksForJson(argv)) {
      process.stdout.write(`${JSON.stringify({ exitCode, error: about, ...details }, undefined, 2)}\n`);
    }
    return exitCode;
  }
}

/** Asked of the words themselves, because a command line that is wrong was never read as a whole. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, at) => word === '--json' || word === '--format=json' || (word === '--format' && argv[at + 1] === 'json'),
  );
}

function isSystemRefusal(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && REFUSED_BY_THE_SYSTEM.has(error.code);
}

function bugReport(about: { error: unknown; message: string; withStack: boolean }): string {
  const { name, version } = ownPackage();
  const stack = about.error instanceof Error ? about.error.stack : undefined;
  const output = about.withStack ? 'what is printed here' : 'what the same command prints with --debug';
  return [
    `Internal error: ${about.message}`,
    ...(about.withStack && stack !== undefined ? [stack] : []),
    `This is a bug in ${name} ${version} (Node.js ${process.versions.node}, ${process.platform}), not in your manifest.`,
    `Please report it to the maintainers of ${name}: save ${output}, and add the manifest, or a smaller one that fails too.`,
    'Leave secrets out of both.',
    '',
  ].join('\n');
}
