/** The command cannot run as asked: exit code 2, and nothing was written. */
export class CannotRun extends Error {
  override readonly name = 'CannotRun';
  /** What goes into the JSON document beside the message. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.details = details;
  }
}

/** The user pressed Ctrl-C, or the process was told to end. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Throws `Interrupted` once the signal is aborted. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new Interrupted('Interrupted.');
}
