/** Patterns without counts: an analysis of automata takes a count for as many states, or does not see it. */
import type { AST } from '@eslint-community/regexpp';

/** Why no pattern can stand for this one. */
export class Unrelaxable extends Error {}

/** Counts up to this, of single characters, stay: `(?:\d{3}-?)+` has one way to match a text, `(?:\d+-?)+` has many. */
const MOST_KEPT = 10;

/** Says which of the assertions at the start of a text cost so little that they need no closer look. */
type Cheapness = (assertion: AST.LookaheadAssertion) => boolean;

/**
 * A pattern that backtracks in at least as many ways as this one: what may be repeated twice may be repeated for ever.
 * Throws `Unrelaxable`.
 */
export function relaxPattern({ alternatives }: AST.Pattern, isCheap: Cheapness): string {
  return alternatives.map(({ elements }) => relaxSequence(withoutAssertions(elements, isCheap))).join('|');
}

/** What has to follow the start of a text is looked at once, and only decides whether the rest is tried. */
function withoutAssertions(elements: readonly AST.Element[], isCheap: Cheapness): readonly AST.Element[] {
  const [start, ...rest] = elements;
  if (start?.type !== 'Assertion' || start.kind !== 'start') return elements;
  const from = rest.findIndex(
    (element) => !(element.type === 'Assertion' && element.kind === 'lookahead' && isCheap(element)),
  );
  return [start, ...(from === -1 ? [] : rest.slice(from))];
}

function relaxAlternatives(alternatives: readonly AST.Alternative[]): string {
  return `(?:${alternatives.map(({ elements }) => relaxSequence(elements)).join('|')})`;
}

function relaxSequence(elements: readonly AST.Element[]): string {
  return elements.map(relaxElement).join('');
}

function relaxElement(element: AST.Element): string {
  switch (element.type) {
    case 'Group':
      if (element.modifiers !== null) throw new Unrelaxable('it changes its flags');
      return relaxAlternatives(element.alternatives);
    case 'CapturingGroup':
      return relaxAlternatives(element.alternatives);
    case 'Quantifier':
      return relaxRepetition(element);
    case 'Backreference':
      throw new Unrelaxable('it refers back to what it matched');
    case 'Assertion':
      if ('alternatives' in element) throw new Unrelaxable('it looks ahead or behind');
      return element.raw;
    default:
      return element.raw;
  }
}

function relaxRepetition(quantifier: AST.Quantifier): string {
  const { element, min, max, greedy } = quantifier;
  const relaxed = relaxElement(element);
  if (max <= 1) return max === min ? (max === 1 ? relaxed : '') : `${relaxed}?${greedy ? '' : '?'}`;
  if (min === max && max <= MOST_KEPT && isCharacter(element)) return `${relaxed}{${max}}`;
  // The least rounds happen although they match nothing; an unbounded repetition would leave them out.
  if (min > 1 && canBeEmpty(element))
    throw new Unrelaxable('it counts how often something is repeated that may be empty');
  return `${relaxed}${min === 0 ? '*' : '+'}${greedy ? '' : '?'}`;
}

function isCharacter({ type }: AST.Element): boolean {
  return type === 'Character' || type === 'CharacterClass' || type === 'CharacterSet';
}

function canBeEmpty(element: AST.Element): boolean {
  switch (element.type) {
    case 'Group':
    case 'CapturingGroup':
      return element.alternatives.some(({ elements }) => elements.every(canBeEmpty));
    case 'Quantifier':
      return element.min === 0 || canBeEmpty(element.element);
    default:
      return !isCharacter(element);
  }
}
