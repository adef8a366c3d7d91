/** When a process is told to stop. */

/** Resolves at the first SIGTERM or SIGINT; a second one ends the process at once, as without this. */
export function whenToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}

/** Lets everything run that is ready to run, so that an answer that is known is also written. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
