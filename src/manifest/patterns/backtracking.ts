/** How the time that a pattern takes grows with the text, by recheck, which is large and only loaded when it is asked. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import type { checkSync } from 'recheck';

/** `degree`: of the polynomial; 1 where it grows as the text does, or not at all. */
export type Growth =
  | { readonly kind: 'polynomial'; readonly degree: number }
  | { readonly kind: 'exponential' }
  | { readonly kind: 'undecided'; readonly reason: string };

/** Put there by the build, so that an installed package needs neither recheck's Java nor its native programs. */
const BUILT = fileURLToPath(new URL('recheck.cjs', import.meta.url));

/** Longer ones could keep the analysis busy for long. */
const LONGEST_PATTERN = 2000;

/** Only automata, no random texts: so that the same pattern always gets the same answer. */
const OPTIONS = { checker: 'automaton', timeout: 10_000 } as const;

const known = new Map<string, Growth>();

/** Of a pattern with the flag `u`, on any text. */
export function growthOf(pattern: string): Growth {
  const growth = known.get(pattern) ?? analyse(pattern);
  known.set(pattern, growth);
  return growth;
}

function analyse(pattern: string): Growth {
  if (pattern.length > LONGEST_PATTERN) return { kind: 'undecided', reason: 'it is too long' };
  const result = loadRecheck().checkSync(pattern, 'u', OPTIONS);
  if (result.status === 'unknown') return { kind: 'undecided', reason: describeFailure(result.error) };
  const { complexity } = result;
  if (complexity.type === 'exponential') return { kind: 'exponential' };
  return { kind: 'polynomial', degree: complexity.type === 'polynomial' ? complexity.degree : 1 };
}

interface Recheck {
  readonly checkSync: typeof checkSync;
}

function loadRecheck(): Recheck {
  const require = createRequire(import.meta.url);
  const loaded: Recheck = require(existsSync(BUILT) ? BUILT : 'recheck/lib/browser.js');
  return loaded;
}

function describeFailure(error: { readonly kind: string; readonly message?: string } | undefined): string {
  if (error?.kind === 'timeout') return 'it is too complicated';
  return `the analysis does not know its ${error?.message ?? 'syntax'}`;
}
