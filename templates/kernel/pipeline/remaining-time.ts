/** What is left of the time that one call may take. */
import type { CheckedCall } from './call.ts';

/** In milliseconds; never less than none. */
export function remainingMs({ kernel, trail }: Pick<CheckedCall, 'kernel' | 'trail'>): number {
  return Math.max(0, kernel.settings.deadlineMs - (performance.now() - trail.startedAt));
}

/** Aborts when the call's time is up, or its client has left. */
export function remainingTime(checked: Pick<CheckedCall, 'kernel' | 'trail' | 'call'>): AbortSignal {
  const over = AbortSignal.timeout(Math.ceil(remainingMs(checked)));
  const { signal } = checked.call;
  return signal === undefined ? over : AbortSignal.any([over, signal]);
}
