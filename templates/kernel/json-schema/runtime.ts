/**
 * What the compiled validators in `src/generated/validators/` import: nothing is compiled at run time.
 * The formats agree with those that the generator checked samples with.
 */
import { isDate, isDateTime, isTime } from './date-time.ts';
import { isUri } from './uri.ts';

interface StringFormat {
  readonly validate: (value: string) => boolean;
}
interface NumberFormat {
  readonly validate: (value: number) => boolean;
}

const INT32_MAX = 2 ** 31 - 1;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Formats that are more than a regular expression; the others stand in the validators themselves. */
export const formats = {
  date: { validate: isDate },
  time: { validate: (value: string) => isTime(value, { zone: 'required' }) },
  'date-time': { validate: (value: string) => isDateTime(value, { zone: 'required' }) },
  'iso-time': { validate: (value: string) => isTime(value, { zone: 'optional' }) },
  'iso-date-time': { validate: (value: string) => isDateTime(value, { zone: 'optional' }) },
  uri: isUri,
  regex: isRegex,
  byte: (value: string) => BASE64.test(value),
  int32: { validate: (value: number) => Number.isInteger(value) && value <= INT32_MAX && value >= -INT32_MAX - 1 },
  int64: { validate: Number.isInteger },
  float: { validate: () => true },
  double: { validate: () => true },
  password: true,
  binary: true,
} as const satisfies Record<string, true | StringFormat | NumberFormat | ((value: string) => boolean)>;

/** Length in Unicode code points, as JSON Schema counts it; a lone surrogate counts as one. */
export function ucs2length(text: string): number {
  let pairs = 0;
  for (let index = 1; index < text.length; index += 1) {
    if (isSurrogate(text, index, 0xdc00) && isSurrogate(text, index - 1, 0xd800)) pairs += 1;
  }
  return text.length - pairs;
}

/** Whether the unit at `index` is a high (0xd800) or low (0xdc00) surrogate. */
function isSurrogate(text: string, index: number, kind: 0xd800 | 0xdc00): boolean {
  return (text.charCodeAt(index) & 0xfc00) === kind;
}

/** Equality of JSON values: for `const`, `enum` and `uniqueItems`. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && deepEqual(Reflect.get(a, name), Reflect.get(b, name)));
}

function isRegex(source: string): boolean {
  // \Z is an end anchor elsewhere and a plain letter here: a pattern that uses it means something else.
  if (/[^\\]\\Z/.test(source)) return false;
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
