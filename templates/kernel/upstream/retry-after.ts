/** How long an upstream asks to be left alone. */
import type { JsonValue } from '../json.ts';

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const LONGEST_MS = 24 * 60 * 60 * 1_000;

/**
 * Milliseconds of a Retry-After value: seconds (as a number or its digits) or an HTTP-date, at most a day.
 * `undefined` where it is neither.
 */
export function parseRetryAfter(value: JsonValue | undefined, now: number): number | undefined {
  const delay = delayOf(value, now);
  return delay === undefined || Number.isNaN(delay) ? undefined : Math.min(Math.max(Math.ceil(delay), 0), LONGEST_MS);
}

function delayOf(value: JsonValue | undefined, now: number): number | undefined {
  if (typeof value === 'number') return value * 1_000;
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(value)) return Number(value) * 1_000;
  return HTTP_DATE.test(value) ? Date.parse(value) - now : undefined;
}
