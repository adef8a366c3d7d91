import { fullFormats } from 'ajv-formats/dist/formats.js';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { deepEqual, formats, ucs2length } from '../../../templates/kernel/json-schema/runtime.ts';

type Format = boolean | RegExp | ((value: string) => boolean) | { readonly validate: unknown };

/** Runs a format as compiled code would; a function of any input, for comparing. */
function accepts(format: unknown, value: string | number): boolean {
  const check = format as Format;
  if (typeof check === 'boolean') return check;
  if (check instanceof RegExp) return check.test(String(value));
  const validate = (typeof check === 'function' ? check : check.validate) as (value: string | number) => boolean;
  return validate(value);
}

const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
const near = (low: number, high: number) =>
  fc.integer({ min: low, max: high }).map((value) => String(value).padStart(2, '0'));
const date = fc
  .tuple(fc.oneof(digits(4), fc.constantFrom('1900', '2000', '2024')), near(0, 13), near(0, 32))
  .map((parts) => parts.join('-'));
const zone = fc.oneof(
  fc.constantFrom('', 'Z', 'z', '+1', '+', 'Q'),
  fc
    .tuple(fc.constantFrom('+', '-'), near(0, 25), fc.constantFrom(':', ''), fc.oneof(near(0, 61), fc.constant('')))
    .map((parts) => parts.join('')),
);
const fraction = fc.constantFrom('', '.5', '.', '.123456');
const time = fc
  .tuple(near(0, 25), near(0, 61), near(0, 61), fraction, zone)
  .map(([hour, minute, second, rest, offset]) => `${hour}:${minute}:${second}${rest}${offset}`);
const leapSecond = fc
  .tuple(near(0, 25), near(0, 61), zone)
  .map(([hour, minute, offset]) => `${hour}:${minute}:60${offset}`);
const dateTime = fc
  .tuple(date, fc.constantFrom('T', 't', ' ', '', 'TT'), fc.oneof(time, leapSecond))
  .map((parts) => parts.join(''));
const candidates = fc.oneof(date, time, leapSecond, dateTime, fc.string());

for (const name of ['date', 'time', 'date-time', 'iso-time', 'iso-date-time'] as const) {
  test(`the format ${name} judges as Ajv does`, () => {
    fc.assert(
      fc.property(candidates, (value) => {
        expect(accepts(formats[name], value)).toBe(accepts(fullFormats[name], value));
      }),
      { seed: 1, numRuns: 3_000 },
    );
  });
}

const piece = fc.constantFrom(
  'http:',
  'a',
  '//',
  '/',
  '?',
  '#',
  ':',
  '@',
  '%41',
  '%4',
  '[::1]',
  '[v1.x]',
  '[1::2::3]',
  '[::ffff:1.2.3.4]',
  '1.2.3.4',
  ':80',
  'é',
  ' ',
  '-',
  '.',
  '..',
  '!',
  "'",
  '(',
  '*',
  '=',
  '&',
  'urn:isbn:1',
  'mailto:',
  '\\',
  '{',
  '<',
);

test('the format uri judges as Ajv does, but for an authority that RFC 3986 does not allow', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 7 }), fc.constantFrom('', 'x:', 'https://'), (pieces, start) => {
      const value = start + pieces.join('');
      const [ours, theirs] = [accepts(formats.uri, value), accepts(fullFormats.uri, value)];
      // Ajv takes one slash before an authority too: there `x://a:b` is the path `/a:b` of no host.
      const lenient = /^[a-z]+:\/[^/]*\[/i.test(value) || /^[a-z]+:\/\/[^/?#]*[:@]/i.test(value);
      expect(ours && !theirs ? value : '').toBe('');
      expect(theirs && !ours && !lenient ? value : '').toBe('');
    }),
    { seed: 2, numRuns: 20_000 },
  );
});

test('a URI needs a scheme, and brackets only around an address', () => {
  for (const uri of ['https://example.com/a?b#c', 'urn:isbn:0451450523', 'http://[2001:db8::7]:80/', 'file:///x']) {
    expect(accepts(formats.uri, uri)).toBe(true);
  }
  for (const uri of [
    '',
    '/a/b',
    'example.com',
    'http://[::1',
    'http://a b',
    'http://a:b',
    'http://a/%zz',
    'http://[fe80::1%25en0]/',
  ]) {
    expect(accepts(formats.uri, uri)).toBe(false);
  }
});

test('a regular expression that compiles is one, unless it means something else here', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', '(', ')', '[', ']', '\\', 'Z', '*', '+', '?', '{1}'), { maxLength: 6 }),
      (parts) => {
        expect(accepts(formats.regex, parts.join(''))).toBe(accepts(fullFormats.regex, parts.join('')));
      },
    ),
    { seed: 3, numRuns: 2_000 },
  );
});

test('base64 is judged as a whole, also across lines', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/=]{0,9}$/), (value) => {
      expect(accepts(formats.byte, value)).toBe(accepts(fullFormats.byte, value));
    }),
    { seed: 4, numRuns: 2_000 },
  );
  expect(accepts(formats.byte, 'YWJj\n!!')).toBe(false);
});

test('integer formats judge numbers as Ajv does', () => {
  const numbers = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constantFrom(2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1),
  );
  for (const name of ['int32', 'int64', 'float', 'double'] as const) {
    fc.assert(
      fc.property(numbers, (value) => {
        expect(accepts(formats[name], value)).toBe(accepts(fullFormats[name], value));
      }),
      { seed: 5, numRuns: 2_000 },
    );
  }
});

test('text is counted in code points', () => {
  const units = fc.array(fc.constantFrom('a', '\ud83d', '\ude00', '😀', 'é'), { maxLength: 8 });
  fc.assert(
    fc.property(units, (parts) => {
      expect(ucs2length(parts.join(''))).toBe([...parts.join('')].length);
    }),
    { seed: 6, numRuns: 2_000 },
  );
});

test('JSON values are equal when their JSON is, whatever the order of members', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(deepEqual(a, structuredClone(a))).toBe(true);
      expect(deepEqual(a, b)).toBe(deepEqual(b, a));
    }),
    { seed: 7, numRuns: 1_000 },
  );
  expect(deepEqual({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(deepEqual({ a: 1 }, { b: 1 })).toBe(false);
  expect(deepEqual([1], { 0: 1 })).toBe(false);
  expect(deepEqual(JSON.parse('{"__proto__":1}'), {})).toBe(false);
  expect(deepEqual([1, 2], [2, 1])).toBe(false);
});
