/** When a process is told to stop. */

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once, as without this. */
export function whenToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
