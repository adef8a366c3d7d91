/** How far a call has come, told as it happens: what a disturbance waits for, so that it hits where it hurts. */
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Pick } from '../proof/spelling.ts';

/** Handed to a process; then, at the ledger: arrived, applied, answered. */
export const MOMENTS = ['called', 'arrived', 'applied', 'answered'] as const;
export type Moment = (typeof MOMENTS)[number];

/** Each event names the process by its number. */
export type Moments = EventEmitter<Record<Moment, [worker: number]>>;

export function newMoments(): Moments {
  return new EventEmitter();
}

/** Waits for a moment of any kind, and then up to 4 ms more; answers whose it was. */
export async function anyMoment(moments: Moments, pick: Pick): Promise<number> {
  const [worker] = await once(moments, MOMENTS[pick(MOMENTS.length)] ?? 'called');
  const laterMs = pick(8);
  // Half of them hit at once.
  if (laterMs < 4) await sleep(laterMs + 1);
  return Number(worker);
}
