import { expect, test } from 'vitest';

import { findSensitive, showsSensitive } from '../../src/manifest/sensitive.ts';
import type { JsonObject } from '../../src/model/project.ts';

const secret = { type: 'string', 'x-sensitive': true };
const objectOf = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});

test('a sensitive argument is named by its pointer', () => {
  expect(findSensitive(objectOf({ card: objectOf({ 'a/b': secret, kind: { type: 'string' } }) }))).toEqual([
    '/card/a~1b',
  ]);
});

test('items and members whose name is not known are all meant', () => {
  const schema = objectOf({
    list: { type: 'array', items: objectOf({ pin: secret }) },
    pair: { type: 'array', prefixItems: [{ type: 'string' }, secret] },
    map: { type: 'object', additionalProperties: secret },
    patterned: { type: 'object', patternProperties: { '^x-': objectOf({ pin: secret }) } },
  });
  expect(findSensitive(schema)).toEqual(['/list/*/pin', '/pair/*', '/map/*', '/patterned/*/pin']);
});

test('references and every kind of part are followed', () => {
  const schema = objectOf(
    {
      by: { $ref: '#/$defs/payment' },
      all: { allOf: [objectOf({ a: secret })] },
      one: { oneOf: [objectOf({ b: secret })] },
    },
    { $defs: { payment: objectOf({ number: secret }) }, dependentSchemas: { by: objectOf({ code: secret }) } },
  );
  expect(findSensitive(schema)).toEqual(['/by/number', '/all/a', '/one/b', '/code']);
});

test('a reference by name is followed, too', () => {
  const $defs = { payment: objectOf({ number: secret }, { $anchor: 'payment' }) };
  expect(findSensitive(objectOf({ by: { $ref: '#payment' } }, { $defs }))).toEqual(['/by/number']);
});

test('what is repeated by a reference is sensitive as a whole where only what it refers to is marked', () => {
  const node = objectOf({ pin: { $ref: '#/$defs/pin' }, next: { $ref: '#/$defs/node' } });
  expect(findSensitive(objectOf({ tree: { $ref: '#/$defs/node' } }, { $defs: { node, pin: secret } }))).toEqual([
    '/tree/pin',
    '/tree/next',
  ]);
});

test.each([
  ['/card/number', true],
  ['/card/number/0', true],
  ['/card', true],
  ['', true],
  ['/list/3/pin', true],
  ['/list/3', true],
  ['/card/kind', false],
  ['/list/3/kind', false],
  ['/cards', false],
])('%j shows what is sensitive: %s', (pointer, shown) => {
  expect(showsSensitive(pointer, ['/card/number', '/list/*/pin'])).toBe(shown);
});

test('nothing shows what is sensitive where nothing is', () => {
  expect(showsSensitive('', [])).toBe(false);
});

test('a schema that refers to itself ends, and what repeats in it is sensitive as a whole', () => {
  const schema = objectOf(
    { tree: { $ref: '#/$defs/node' } },
    { $defs: { node: objectOf({ pin: secret, children: { type: 'array', items: { $ref: '#/$defs/node' } } }) } },
  );
  expect(findSensitive(schema)).toEqual(['/tree/pin', '/tree/children/*']);
});

test('nothing is sensitive that is not marked', () => {
  expect(findSensitive(objectOf({ a: { type: 'string', 'x-sensitive': false } }))).toEqual([]);
});
