import { expect, test } from 'vitest';

import type { JsonObject } from '../../src/model/project.ts';
import { findSensitive } from '../../src/model/sensitive.ts';

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
