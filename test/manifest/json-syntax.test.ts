import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { findJsonFault } from '../../src/manifest/json-syntax.ts';

test('a fault is found exactly where JSON.parse throws', () => {
  const edit = fc.record({
    at: fc.nat(),
    remove: fc.nat(2),
    insert: fc.constantFrom('', '"', ',', '}', ']', '{', ':', '1', '\\', "'", '\n'),
  });
  fc.assert(
    fc.property(fc.json(), edit, (json, { at, remove, insert }) => {
      const position = at % (json.length + 1);
      const text = json.slice(0, position) + insert + json.slice(position + remove);
      expect([text, findJsonFault(text) === undefined]).toEqual([text, parses(text)]);
    }),
    { numRuns: 2_000, seed: 1 },
  );
});

test.each([
  ['{"a": 1,}', 8, 'expected a name in double quotes, found "}".'],
  ['{"a": tru}', 6, 'expected a value, found "t".'],
  ["{'a': 1}", 1, 'expected a name in double quotes, or }, found "\'".'],
  ['{"a" 1}', 5, 'expected a colon, found "1".'],
  ['{"a": 1 // one\n}', 8, 'expected a comma or the end, found "/".'],
  ['[1, 2', 5, 'it ends where a comma or the end is missing.'],
  ['["a\nb"]', 1, 'this text is not closed, or holds a control character or an unknown escape.'],
  ['[01]', 1, 'expected a value or ], found "0".'],
  ['{}]', 2, 'expected a comma or the end, found "]".'],
])('%j has its fault at %i', (text, offset, problem) => {
  expect(findJsonFault(text)).toEqual({ offset, problem });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
