/** Turns the signals that end a process into an orderly end: the command cleans up, then the code says which it was. */
import { Interrupted } from '../commands/cannot-run.ts';
import type { ExitCode } from '../commands/terminal.ts';

const EXIT_CODES = new Map<NodeJS.Signals, ExitCode>([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]);

export interface Signals {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly interrupted: AbortSignal;
  /** 130 after Ctrl-C; `undefined` while none arrived. */
  exitCode(): ExitCode | undefined;
  /** Gives the signals back to the process. */
  stop(): void;
}

export function watchSignals(process: NodeJS.Process): Signals {
  const controller = new AbortController();
  let code: ExitCode | undefined;
  const listen = (signal: NodeJS.Signals) => {
    if (code !== undefined) process.exit(code);
    code = EXIT_CODES.get(signal);
    controller.abort(new Interrupted('Interrupted.'));
  };
  for (const signal of EXIT_CODES.keys()) process.on(signal, listen);
  return {
    interrupted: controller.signal,
    exitCode: () => code,
    stop: () => {
      for (const signal of EXIT_CODES.keys()) process.off(signal, listen);
    },
  };
}
