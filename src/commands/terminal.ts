/** What a command may say, and to whom. `src/cli/` implements it; commands never touch the process's streams. */

/** 0 done · 1 findings · 2 cannot run · 3 internal error · 128 + n: ended by signal n, so 130 on Ctrl-C. */
export type ExitCode = 0 | 1 | 2 | 3 | 129 | 130 | 143;

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Terminal {
  /** Somebody is there to answer questions. */
  readonly interactive: boolean;
  /** Whether text for stdout may carry colours. */
  readonly colour: boolean;
  /** News on stdout; silent under `--quiet`. */
  print(text: string): void;
  /** Findings on stdout; shown under `--quiet` too. */
  report(text: string): void;
  /** Problems and warnings on stderr; never silent. */
  complain(text: string): void;
  /** Text in a style, or unchanged where colours are off. */
  paint(style: Style, text: string): string;
  /** Does the work under a line that says so, on stderr. */
  step<Result>(title: string, work: () => Promise<Result>): Promise<Result>;
}

/** What every command is given. */
export interface CommandContext {
  /** Absolute; exists. */
  readonly cwd: string;
  /** As the user named it; relative to `cwd`. */
  readonly manifest: string | undefined;
  readonly terminal: Terminal;
  /** Aborted when the user interrupts. */
  readonly interrupted: AbortSignal;
}

/** How a command ended. The document is what `--json` prints. */
export interface CommandOutcome {
  readonly exitCode: 0 | 1 | 2;
  readonly document: Readonly<Record<string, unknown>>;
}
