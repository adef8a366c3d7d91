import { runInNewContext } from 'node:vm';

import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Code } from '../../src/render/code.ts';
import { literal, type Printable } from '../../src/render/literal.ts';

const evaluate = (source: string): unknown => runInNewContext(`JSON.stringify((${source}))`);

test('any JSON value prints as code that evaluates to it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      expect(evaluate(literal(value as Printable))).toBe(JSON.stringify(value));
    }),
  );
});

test.each([
  `quotes ' " and backticks \``,
  '${process.exit(1)}',
  'back\\slash \\n \\u0041 \\',
  'lines\n\r\n\u2028\u2029end',
  '*/ // </script> <!--',
  '\u202eright to left\u200b\ufeff\u0000\u007f',
  'lone \ud800 surrogate and \udc00',
  '😀 👩‍👩‍👧 e\u0301',
])('the string %j prints as one string literal', (text) => {
  expect(evaluate(literal(text))).toBe(JSON.stringify(text));
});

test('a printed string shows every character it has', () => {
  expect(literal('a\u202eb\u200bc\u2028d\ud800e\u00a0f\u{e0041}')).toBe(
    String.raw`'a\u202eb\u200bc\u2028d\ud800e\u00a0f\udb40\udc41'`,
  );
});

test('members named like the prototype, reserved words and text stay members', () => {
  const value = JSON.parse('{"__proto__":{"a":1},"constructor":2,"delete":3,"auth-method":4,"it\'s":5,"1":6}');
  expect(evaluate(literal(value))).toBe(JSON.stringify(value));
  expect(literal(value)).toContain(`['__proto__']: { a: 1 }`);
});

test('a long run of one character prints as a repetition', () => {
  expect(literal('x'.repeat(10_001))).toBe(`'x'.repeat(10001)`);
  expect(literal('😀'.repeat(60))).toBe(`'😀'.repeat(60)`);
  expect(literal(`${'x'.repeat(200)}y`)).toBe(`'${'x'.repeat(200)}y'`);
  expect(evaluate(literal({ ['-'.repeat(200)]: 1 }))).toBe(JSON.stringify({ ['-'.repeat(200)]: 1 }));
});

test('members that are undefined are left out, and code stands as it is', () => {
  expect(literal({ a: undefined, b: new Code(`args('/x')`), c: [] })).toBe(`{ b: args('/x'), c: [] }`);
});

test('what is no JSON is refused rather than printed', () => {
  expect(() => literal(Number.NaN)).toThrow(TypeError);
  expect(() => literal(undefined)).toThrow(TypeError);
});
