/** Whether a pattern may keep a server busy for longer than a call should. */
import { RegExpParser, type AST } from '@eslint-community/regexpp';

import { growthOf, type Growth } from './backtracking.ts';
import { stepsAtMost, stepsFromOnePlace, waysOutsideRepetitions } from './pattern-cost.ts';
import { relaxPattern, Unrelaxable } from './relax-pattern.ts';

/** How often one match may look at a character: for about a second. */
const MOST_STEPS = 100_000_000;

/** Whatever is bounded for texts of this length is not exponential, and the analysis need not be asked. */
const SHORTEST_TEXT = 1000;

const parser = new RegExpParser();

/** What is wrong with a valid pattern with the flag `u`, for texts of so many characters; else nothing. Never runs it. */
export function judgePattern(source: string, length: number): Growth | undefined {
  const pattern = parse(source);
  if (pattern === undefined) return { kind: 'undecided', reason: 'it is nested too deeply' };
  const counted = Math.max(length, SHORTEST_TEXT);
  if (stepsAtMost(pattern, counted) <= MOST_STEPS) return undefined;
  const growth = growthOfPattern(pattern, (assertion) => stepsFromOnePlace(assertion, counted) <= MOST_STEPS);
  if (growth.kind !== 'polynomial') return growth;
  if (length ** growth.degree > MOST_STEPS) return growth;
  return waysOutsideRepetitions(pattern) * length ** growth.degree > MOST_STEPS
    ? { kind: 'undecided', reason: 'it has too many optional parts and alternatives' }
    : undefined;
}

/** The same of a format: all but one take a time that grows as the text does. */
export function judgeFormat(format: string, length: number): Growth | undefined {
  const degree = 2;
  return format === 'url' && length ** degree > MOST_STEPS ? { kind: 'polynomial', degree } : undefined;
}

/** Whether it may be used for the empty text, as `judgePattern` judges. */
export function isCheapWhenEmpty(source: string): boolean {
  const pattern = parse(source);
  return pattern !== undefined && stepsAtMost(pattern, 0) <= MOST_STEPS;
}

function growthOfPattern(pattern: AST.Pattern, isCheap: (assertion: AST.LookaheadAssertion) => boolean): Growth {
  try {
    return growthOf(relaxPattern(pattern, isCheap));
  } catch (error) {
    if (error instanceof Unrelaxable) return { kind: 'undecided', reason: error.message };
    throw error;
  }
}

/** Nothing where it is nested too deeply for the parser. */
function parse(source: string): AST.Pattern | undefined {
  try {
    return parser.parsePattern(source, 0, source.length, { unicode: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
