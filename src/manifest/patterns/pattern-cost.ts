/** How many steps a matcher that backtracks takes at most, as far as the syntax of a pattern alone tells. */
import type { AST } from '@eslint-community/regexpp';

import { endsInOneWay, startDifferently } from './first-characters.ts';

export interface Cost {
  /** In how many ways something can be matched from one place on. */
  readonly ways: number;
  /** How often a character is looked at on all of them. */
  readonly steps: number;
}

interface Branching {
  readonly alternatives: readonly AST.Alternative[];
}

interface Counting {
  /** Of the longest text, in characters. */
  readonly length: number;
  /** What a repetition costs whose every round costs `round`. */
  readonly repeat: (round: Cost, quantifier: AST.Quantifier) => Cost;
}

const ONE: Cost = { ways: 1, steps: 1 };
const UNKNOWN: Cost = { ways: Number.POSITIVE_INFINITY, steps: Number.POSITIVE_INFINITY };

/** For texts of so many characters, from every place where a match may start. Infinite where no number says it. */
export function stepsAtMost(pattern: AST.Pattern, length: number): number {
  return (isAnchored(pattern) ? 1 : length + 1) * stepsFromOnePlace(pattern, length);
}

/** The same from a single place, also for what looks ahead from there. */
export function stepsFromOnePlace(branching: Branching, length: number): number {
  return ofAlternatives(branching, { length, repeat: (round, quantifier) => rounds(round, quantifier, length) }).steps;
}

/** In how many ways what stands outside of repetitions can be matched. */
export function waysOutsideRepetitions(pattern: AST.Pattern): number {
  const counting: Counting = {
    length: 1,
    repeat: (round, quantifier) => (quantifier.max > 1 ? ONE : rounds(round, quantifier, 1)),
  };
  return ofAlternatives(pattern, counting).ways;
}

/** `next`: what comes after them, where that is known. */
function ofAlternatives({ alternatives }: Branching, counting: Counting, next?: AST.Element): Cost {
  const costs = alternatives.map(({ elements }) => ofSequence(elements, counting, next));
  const ways = costs.map((cost) => cost.ways);
  return {
    ways: startDifferently(alternatives) ? Math.max(...ways) : sum(ways),
    steps: sum(costs.map(({ steps }) => steps)),
  };
}

/** Each element is tried once for each way in which those before it matched. */
function ofSequence(elements: readonly AST.Element[], counting: Counting, next?: AST.Element): Cost {
  let { ways, steps } = ONE;
  for (const [index, element] of elements.entries()) {
    const following = elements[index + 1] ?? next;
    const cost = ofElement(element, counting, following);
    const isCertain = element.type === 'Quantifier' && endsInOneWay(element, following);
    steps += ways * cost.steps + (isCertain ? ways * cost.ways : 0);
    ways *= isCertain ? 1 : cost.ways;
  }
  return { ways, steps };
}

function ofElement(element: AST.Element, counting: Counting, next?: AST.Element): Cost {
  switch (element.type) {
    case 'Group':
      // With other flags, characters that differ may match the same.
      return element.modifiers === null ? ofAlternatives(element, counting, next) : UNKNOWN;
    case 'CapturingGroup':
      return ofAlternatives(element, counting, next);
    case 'Quantifier':
      return counting.repeat(ofElement(element.element, counting, element.max > 1 ? undefined : next), element);
    case 'Backreference':
      return { ways: 1, steps: 1 + counting.length };
    case 'Assertion':
      // What looks around is not asked for another way when what follows fails.
      return 'alternatives' in element ? { ...ofAlternatives(element, counting), ways: 1 } : ONE;
    default:
      return ONE;
  }
}

/** JavaScript repeats nothing empty, unless so often at least: each further round takes a character. */
function rounds({ ways, steps }: Cost, { min, max }: AST.Quantifier, length: number): Cost {
  const most = Math.min(max, min + length);
  return { ways: powers(ways, min, most), steps: 1 + (most === 0 ? 0 : powers(ways, 0, most - 1) * (steps + 1)) };
}

/** base^from + … + base^to, for a base of 1 or more. */
function powers(base: number, from: number, to: number): number {
  if (base === 1) return to - from + 1;
  const last = base ** (to + 1);
  return Number.isFinite(last) ? (last - base ** from) / (base - 1) : Number.POSITIVE_INFINITY;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Whether a match can only start where the text does. */
function isAnchored({ alternatives }: Branching): boolean {
  return alternatives.every(({ elements: [first] }) => {
    if (first?.type === 'Group' || first?.type === 'CapturingGroup') return isAnchored(first);
    return first?.type === 'Assertion' && first.kind === 'start';
  });
}
