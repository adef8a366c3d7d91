import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { brokenCap, pointerOf, pointerTokens, valueAt } from '../../../templates/kernel/json.ts';

test('a pointer finds members and items, and nothing that is not part of the JSON', () => {
  const value = { a: [{ 'b/c': 1, 'd~e': 2 }], '': 3, own: null };
  expect(valueAt(value, '')).toBe(value);
  expect(valueAt(value, '/a/0/b~1c')).toBe(1);
  expect(valueAt(value, '/a/0/d~0e')).toBe(2);
  expect(valueAt(value, '/')).toBe(3);
  expect(valueAt(value, '/own')).toBeNull();
  for (const pointer of [
    '/constructor',
    '/__proto__',
    '/a/length',
    '/a/-1',
    '/a/00',
    '/a/1',
    '/own/x',
    '/a/0/b~1c/x',
  ]) {
    expect(valueAt(value, pointer)).toBeUndefined();
  }
  expect(valueAt(JSON.parse('{"__proto__": 1}'), '/__proto__')).toBe(1);
});

test('pointers and their tokens turn into each other', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (tokens) => {
      expect(pointerTokens(pointerOf(tokens))).toEqual(tokens);
    }),
  );
});

test('depth and elements are capped exactly, however deep the value is', () => {
  const caps = { maxDepth: 2, maxElements: 3 };
  expect(brokenCap({ a: [1, 2] }, caps)).toBeUndefined();
  expect(brokenCap({ a: [1, 2, 3] }, caps)).toBe('elements');
  expect(brokenCap({ a: [[]] }, caps)).toBe('depth');
  expect(brokenCap('text', { maxDepth: 0, maxElements: 0 })).toBeUndefined();
  const abyss: unknown = JSON.parse('['.repeat(200_000) + ']'.repeat(200_000));
  expect(brokenCap(abyss, { maxDepth: 1_000_000, maxElements: 1_000_000 })).toBeUndefined();
});
