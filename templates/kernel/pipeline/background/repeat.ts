/** A job that is done again and again, one round at a time. */

export interface Job {
  /** No round begins any more; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** The first round begins after the first pause, which differs from process to process. Rounds must not keep the process alive. */
export function repeat(
  round: () => Promise<void>,
  { pauseMs, onError }: { readonly pauseMs: number; readonly onError: (error: unknown) => void },
): Job {
  let underWay = Promise.resolve();
  let timer = schedule(pauseMs * Math.random());
  let stopped = false;

  function schedule(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      underWay = round()
        .catch(onError)
        .then(() => {
          if (!stopped) timer = schedule(pauseMs);
        });
    }, delayMs).unref();
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
