/**
 * The one way in which a value becomes TypeScript. Whatever a manifest holds, what comes out is a literal
 * that evaluates to exactly that value, and nothing else.
 */
import { Code } from './code.ts';

/** What can be printed: JSON, members that are absent, and code of the generator's own making. */
export type Printable =
  | string
  | number
  | boolean
  | null
  | undefined
  | Code
  | readonly Printable[]
  | { readonly [name: string]: Printable };

/** Every character that a reader or an editor cannot be trusted to show: controls, bidi marks, separators, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\u00a0]/gu;

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A run of one character is printed as a repetition from this length on. */
const REPETITION = 100;

/**
 * TypeScript that evaluates to the value: `{ a: 'it\'s', list: [1, null] }`. Members that are `undefined` are
 * left out.
 */
export function literal(value: Printable): string {
  if (value instanceof Code) return value.source;
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'number') return numberLiteral(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (value === undefined) throw new TypeError('undefined is not a value that can be printed');
  if (isList(value)) return `[${value.map(literal).join(', ')}]`;
  return objectLiteral(value);
}

function isList(value: object): value is readonly Printable[] {
  return Array.isArray(value);
}

/** `'it\'s'`, or `'x'.repeat(10001)`: an expression whose value is the text and in which every character shows. */
export function stringLiteral(text: string): string {
  const [first = ''] = text;
  const times = text.length / first.length;
  const repeats = text.length >= REPETITION && Number.isInteger(times) && text === first.repeat(times);
  return repeats ? `${quote(first)}.repeat(${times})` : quote(text);
}

function quote(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${escapeInvisible(inner)}'`;
}

/** Writes characters that cannot be seen as `\u` escapes, code unit by code unit. */
export function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`);
  return Object.is(value, -0) ? '-0' : String(value);
}

function objectLiteral(value: { readonly [name: string]: Printable }): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `${memberName(name)}: ${literal(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** Computed where a plain `__proto__:` would set the prototype instead of a member. */
function memberName(name: string): string {
  if (name === '__proto__') return `['__proto__']`;
  return IDENTIFIER.test(name) ? name : quote(name);
}
