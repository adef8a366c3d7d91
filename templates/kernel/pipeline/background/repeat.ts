/** A job that is done again and again, one round at a time. */

export interface Job {
  /** No round begins any more, and the one under way is told to end; resolves when it has. */
  stop(): Promise<void>;
}

/** The first round begins after the first pause, which differs from process to process. Rounds must not keep the process alive. */
export function repeat(
  round: (stop: AbortSignal) => Promise<void>,
  { pauseMs, onError }: { readonly pauseMs: number; readonly onError: (error: unknown) => void },
): Job {
  let underWay = Promise.resolve();
  let timer = schedule(pauseMs * Math.random());
  const controller = new AbortController();
  const { signal } = controller;

  function schedule(delayMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      underWay = once();
    }, delayMs).unref();
  }

  async function once(): Promise<void> {
    await round(signal).catch(onError);
    if (!signal.aborted) timer = schedule(pauseMs);
  }

  return {
    stop: async () => {
      controller.abort();
      clearTimeout(timer);
      await underWay;
    },
  };
}
