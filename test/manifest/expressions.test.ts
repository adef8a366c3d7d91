import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { parseExpression, parsePath, parseText, parseValue } from '../../src/manifest/expressions.ts';

const id = { from: 'args', pointer: '/id' } as const;

test('every kind of expression is parsed', () => {
  expect(parseExpression('$args#/a~1b/0')).toEqual({ from: 'args', pointer: '/a~1b/0' });
  expect(parseExpression('$args#')).toEqual({ from: 'args', pointer: '' });
  expect(parseExpression('$response.body#/data')).toEqual({ from: 'response.body', pointer: '/data' });
  expect(parseExpression('$response.header.Retry-After')).toEqual({ from: 'response.header', name: 'Retry-After' });
  expect(parseExpression('$response.status')).toEqual({ from: 'response.status' });
  expect(parseExpression('$principal.subject')).toEqual({ from: 'principal.subject' });
  expect(parseExpression('$principal.tenant')).toEqual({ from: 'principal.tenant' });
  expect(parseExpression('$operation.key')).toEqual({ from: 'operation.key' });
});

test.each([
  'args#/a',
  '$args',
  '$args#a',
  '$args#/a~2',
  '$args#/~',
  '$principal.token',
  '$response.header.',
  '$$args#/a',
  '',
])('%j is no expression', (text) => {
  expect(parseExpression(text)).toBeUndefined();
});

test('a text is split at its expressions, and other braces are kept', () => {
  expect(parseText('Invoice {$args#/id}: {"a": {}} {$response.status}')).toEqual({
    value: ['Invoice ', id, ': {"a": {}} ', { from: 'response.status' }],
    errors: [],
  });
});

test('an unclosed or unknown expression in a text is an error with its offset', () => {
  expect(parseText('$args#/id')).toEqual({ value: [{ from: 'args', pointer: '/id' }], errors: [] });
  expect(parseText('$5 is too much')).toEqual({ value: ['$5 is too much'], errors: [] });
  expect(parseText('a {$args#/id').errors).toEqual([{ pointer: '', offset: 2, written: '{$args#/id' }]);
  expect(parseText('a {$arg#/id} b {$x}').errors).toEqual([
    { pointer: '', offset: 2, written: '{$arg#/id}' },
    { pointer: '', offset: 15, written: '{$x}' },
  ]);
});

test('text without an expression is kept as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!text.includes('{$') && text !== '');
      expect(parseText(text)).toEqual({ value: [text], errors: [] });
    }),
  );
});

test('a template keeps literals and finds expressions and texts at any depth', () => {
  const body = JSON.parse(
    '{"amount":"$args#/id","note":"by {$args#/id}","price":"$$5","__proto__":[1,null,true,"x"]}',
  ) as unknown;
  expect(parseValue(body)).toEqual({
    value: {
      kind: 'object',
      members: [
        ['amount', { kind: 'expression', expression: id }],
        ['note', { kind: 'text', text: ['by ', id] }],
        ['price', { kind: 'literal', value: '$5' }],
        [
          '__proto__',
          {
            kind: 'array',
            items: [
              { kind: 'literal', value: 1 },
              { kind: 'literal', value: null },
              { kind: 'literal', value: true },
              { kind: 'literal', value: 'x' },
            ],
          },
        ],
      ],
    },
    errors: [],
  });
});

test('a template says where its faults are', () => {
  expect(parseValue({ 'a/b': ['$argz#/id', 'x {$nope}'] }).errors).toEqual([
    { pointer: '/a~1b/0', offset: 0, written: '$argz#/id' },
    { pointer: '/a~1b/1', offset: 2, written: '{$nope}' },
  ]);
});

test('a path becomes segments', () => {
  expect(parsePath('/v1/{id}/x-{$args#/a/b}.json/')).toEqual({
    value: [['v1'], [id], ['x-', { from: 'args', pointer: '/a/b' }, '.json'], []],
    errors: [],
  });
  expect(parsePath('/').value).toEqual([[]]);
});

test('stray and empty braces in a path are errors', () => {
  expect(parsePath('/a/{}/{id').errors).toEqual([
    { pointer: '', offset: 3, written: '{}' },
    { pointer: '', offset: 6, written: '{' },
  ]);
});
