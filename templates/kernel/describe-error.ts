/** What the log may hold of an unexpected error: bounded, and without what is or looks like a credential. */
import type { KnownSecrets } from './config/known-secrets.ts';
import type { JsonObject } from './json.ts';

const LONGEST = 4_000;

const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/\/\/[^\s/]*:\S*@/g, '//[secret]@'],
  [/\/\/[^\s/@]+@/g, '//[secret]@'],
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, '[secret]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [secret]'],
  [/\b(\w*(?:password|passwd|secret|token|api_?key|apikey)\w*["']?\s*[=:]\s*)["']?[^\s"',;&]+/gi, '$1[secret]'],
];

/** Never throws, whatever was thrown. */
export function describeError(error: unknown, secrets: KnownSecrets): JsonObject {
  const shown = (text: unknown): string => scrub(String(text), secrets);
  try {
    if (!(error instanceof Error)) return { error: shown(error) };
    const cause = error.cause === undefined ? {} : { cause: shown(error.cause) };
    return { error: shown(`${error.name}: ${error.message}`), stack: shown(error.stack ?? ''), ...cause };
  } catch {
    return { error: 'what was thrown cannot be shown' };
  }
}

/** Text of somebody else's, without what is or looks like a credential. */
export function scrub(text: string, secrets: KnownSecrets): string {
  // Known ones first: what is left of one after a pattern or the limit took a part of it would be known no more.
  return CREDENTIALS.reduce((clean, [pattern, by]) => clean.replace(pattern, by), shorten(secrets.hide(text)));
}

/** Cuts between words: half of a credential no longer looks like one. */
function shorten(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, LONGEST).replace(/\S*$/, '…');
}
