/** Caps on writes as counters: one for each window of time. */
import type { Cap } from '../claim.ts';
import type { Charge } from './moment.ts';

const LENGTH_MS = { hour: 3_600_000, day: 86_400_000 } as const;
/** A run has no end that a store could know of; after this long without a write it is taken to be over. */
const RUN_MS = 30 * LENGTH_MS.day;

/** What one effect is charged to: in the order of `caps`. */
export function chargesAt(caps: readonly Cap[], now: number): readonly Charge[] {
  return caps.map(({ counter, window, limit }) => {
    if (window === 'run') return { counter, limit, expiresAt: now + RUN_MS };
    const index = Math.floor(now / LENGTH_MS[window]);
    return { counter: `${counter}:${index}`, limit, expiresAt: (index + 1) * LENGTH_MS[window] };
  });
}

/** How long until the window ends, in milliseconds. */
export function endsIn({ window }: Cap, now: number): number | null {
  return window === 'run' ? null : LENGTH_MS[window] - (now % LENGTH_MS[window]);
}
