/** How much time passed, by two clocks: one that nobody can set, and one that goes on while the machine sleeps. */

export interface Instant {
  /** `performance.now()` */
  readonly steady: number;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly wall: number;
}

export function instantNow(): Instant {
  return { steady: performance.now(), wall: Date.now() };
}

/** Milliseconds; the longer of the two, so that it is never less than what really passed. */
export function elapsedMs({ steady, wall }: Instant): number {
  return Math.max(performance.now() - steady, Date.now() - wall);
}
