/** What parts of a pattern can start with: where that differs, there are no two ways to match a text. */
import type { AST } from '@eslint-community/regexpp';

/** Code points, both ends included. */
type Range = readonly [min: number, max: number];

/** `\d` and `\w`. */
const SETS: Readonly<Record<string, readonly Range[]>> = {
  digit: [[0x30, 0x39]],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
};

/** Whether no text starts as two of the alternatives do. False also where that is not known. */
export function startDifferently(alternatives: readonly AST.Alternative[]): boolean {
  const all: Range[] = [];
  for (const { elements } of alternatives) {
    const ranges = firstOf(elements[0]);
    if (ranges === undefined || ranges.some((one) => all.some((other) => overlap(one, other)))) return false;
    all.push(...ranges);
  }
  return true;
}

/** Whether what follows a repetition of one character can only match where no more of them come. */
export function endsInOneWay({ element }: AST.Quantifier, next: AST.Element | undefined): boolean {
  if (element.type === 'Group' || element.type === 'CapturingGroup') return false;
  if (next?.type === 'Assertion') return next.kind === 'end';
  const [repeated, following] = [firstOf(element), firstOf(next)];
  if (repeated === undefined || following === undefined) return false;
  return !repeated.some((one) => following.some((other) => overlap(one, other)));
}

/** The first characters of an element that takes one or more; `undefined` for any other. */
function firstOf(element: AST.Element | undefined): readonly Range[] | undefined {
  switch (element?.type) {
    case 'Character':
      return [[element.value, element.value]];
    case 'CharacterSet':
      return rangesOf(element);
    case 'CharacterClass':
      return element.negate ? undefined : unite(element.elements.map(rangesOf));
    case 'Group':
    case 'CapturingGroup':
      return unite(element.alternatives.map(({ elements }) => firstOf(elements[0])));
    case 'Quantifier':
      return element.min > 0 ? firstOf(element.element) : undefined;
    default:
      return undefined;
  }
}

function rangesOf(element: AST.CharacterSet | AST.CharacterClassElement): readonly Range[] | undefined {
  if (element.type === 'Character') return [[element.value, element.value]];
  if (element.type === 'CharacterClassRange') return [[element.min.value, element.max.value]];
  if (element.type !== 'CharacterSet' || element.kind === 'any' || element.negate) return undefined;
  return SETS[element.kind];
}

function unite(parts: readonly (readonly Range[] | undefined)[]): readonly Range[] | undefined {
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
}

function overlap([min, max]: Range, [otherMin, otherMax]: Range): boolean {
  return min <= otherMax && otherMin <= max;
}
