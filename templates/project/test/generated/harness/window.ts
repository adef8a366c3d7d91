/** Waits where a window of time is about to end: after that, the same key would rightly mean another effect. */
import { setTimeout } from 'node:timers/promises';

/** Windows end on the hour; time zones differ by quarters of one. */
const QUARTER_HOUR_MS = 900_000;

/** Longer than two calls take. */
const MARGIN_MS = 5_000;

export async function awayFromWindowEnd(): Promise<void> {
  const left = QUARTER_HOUR_MS - (Date.now() % QUARTER_HOUR_MS);
  if (left < MARGIN_MS) await setTimeout(left);
}
