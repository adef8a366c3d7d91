/** What the log may hold of an unexpected error: bounded, and without what looks like a credential. */
import type { JsonObject } from '../json.ts';

const LONGEST = 4_000;

const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/\/\/[^\s/]*:\S*@/g, '//[secret]@'],
  [/\/\/[^\s/@]+@/g, '//[secret]@'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[secret]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [secret]'],
  [/\b(\w*(?:password|passwd|secret|token|api_?key|apikey)\w*["']?\s*[=:]\s*)["']?[^\s"',;&]+/gi, '$1[secret]'],
];

export function describeError(error: unknown): JsonObject {
  if (!(error instanceof Error)) return { error: scrub(String(error)) };
  const cause = error.cause === undefined ? {} : { cause: scrub(String(error.cause)) };
  return { error: scrub(`${error.name}: ${error.message}`), stack: scrub(error.stack ?? ''), ...cause };
}

/** Text of somebody else's, without what looks like a credential. */
export function scrub(text: string): string {
  return CREDENTIALS.reduce((clean, [pattern, by]) => clean.replace(pattern, by), shorten(text));
}

/** Cuts between words: half of a credential no longer looks like one. */
function shorten(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, LONGEST).replace(/\S*$/, '…');
}
