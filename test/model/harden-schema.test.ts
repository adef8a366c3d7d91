import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';

import { SCHEMA_DEFAULTS } from '../../src/manifest/schema.ts';
import { closeOutput, hardenInput } from '../../src/model/hardening/harden-schema.ts';
import type { JsonObject } from '../../src/model/project.ts';
import { accepts, completeSchemas, conditional, objects, objectSchemas, plainObjects } from './schemas.ts';

const harden = (schema: JsonObject): JsonObject => hardenInput(schema, SCHEMA_DEFAULTS);

test('what the hardened schema accepts, the original accepts', () => {
  assert(
    property(objectSchemas, objects, (schema, value) => !accepts(harden(schema), value) || accepts(schema, value)),
    { numRuns: 500 },
  );
});

test('what the original accepts, the hardened schema accepts, short of the caps and of undeclared names', () => {
  assert(
    property(
      completeSchemas,
      plainObjects,
      (schema, value) => accepts(harden(schema), value) || !accepts(schema, value),
    ),
    { numRuns: 500 },
  );
});

test('hardening twice changes nothing', () => {
  assert(
    property(objectSchemas, (schema) => {
      const once = harden(schema);
      expect(harden(once)).toEqual(once);
    }),
    { numRuns: 300 },
  );
});

test('strings, lists, numbers and open maps without bounds get the default ones', () => {
  const hardened = harden({
    type: 'object',
    properties: {
      text: { type: ['string', 'null'] },
      short: { type: 'string', maxLength: 3 },
      id: { type: 'string', format: 'uuid' },
      list: { type: 'array', items: { type: 'integer', minimum: 1 } },
      long: { type: 'array', minItems: 5_000 },
      map: { type: 'object', additionalProperties: { type: 'boolean' } },
      listed: { type: 'string', enum: ['a'] },
    },
  });
  expect(hardened).toEqual({
    type: 'object',
    properties: {
      text: { type: ['string', 'null'], maxLength: 10_000 },
      short: { type: 'string', maxLength: 3 },
      id: { type: 'string', format: 'uuid' },
      list: {
        type: 'array',
        items: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER },
        maxItems: 1_000,
      },
      long: { type: 'array', minItems: 5_000, maxItems: 5_000 },
      map: { type: 'object', additionalProperties: { type: 'boolean' }, maxProperties: 1_000 },
      listed: { type: 'string', enum: ['a'] },
    },
    additionalProperties: false,
  });
});

test('every object is closed that does not say how open it is', () => {
  const hardened = harden({
    type: 'object',
    properties: { inner: { type: 'object', properties: {} }, open: { type: 'object', additionalProperties: true } },
  });
  expect(accepts(hardened, { extra: 1 })).toBe(false);
  expect(accepts(hardened, { inner: { extra: 1 } })).toBe(false);
  expect(accepts(hardened, { open: { extra: 1 } })).toBe(true);
});

test('an object in several parts is closed as a whole', () => {
  const base = { type: 'object', properties: { a: { type: 'string' } } };
  const hardened = harden({
    type: 'object',
    properties: { c: { type: 'string' } },
    allOf: [{ $ref: '#/$defs/base' }, { properties: { b: { type: 'string' } } }],
    $defs: { base },
  });
  expect(accepts(hardened, { a: '1', b: '2', c: '3' })).toBe(true);
  expect(accepts(hardened, { a: '1', b: '2', c: '3', d: '4' })).toBe(false);
});

test('a part that is also used by itself is closed where it is used', () => {
  const hardened = harden({
    type: 'object',
    properties: { alone: { $ref: '#/$defs/base' } },
    allOf: [{ $ref: '#/$defs/base' }],
    $defs: { base: { type: 'object', properties: { a: { type: 'string' } } } },
  });
  expect(accepts(hardened, { a: '1', alone: { a: '2' } })).toBe(true);
  expect(accepts(hardened, { alone: { extra: '2' } })).toBe(false);
});

test('each alternative of a union is closed by itself', () => {
  const hardened = harden({
    type: 'object',
    properties: { target: { anyOf: [{ type: 'object', properties: { id: { type: 'string' } } }, { type: 'null' }] } },
  });
  expect(accepts(hardened, { target: { id: '1' } })).toBe(true);
  expect(accepts(hardened, { target: null })).toBe(true);
  expect(accepts(hardened, { target: { id: '1', extra: true } })).toBe(false);
});

test('draft-07 knows no unevaluatedProperties: the parts are declared beside each other', () => {
  const hardened = harden({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { c: { type: 'string', maxLength: 1 } },
    allOf: [{ properties: { a: { type: 'string', maxLength: 1 } } }],
  });
  expect(hardened).toMatchObject({
    properties: { a: true, c: { type: 'string', maxLength: 1 } },
    additionalProperties: false,
  });
});

test('a part that lets any member in keeps the whole open, and the whole gets a cap instead', () => {
  const hardened = harden({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {},
    allOf: [{ properties: {}, additionalProperties: true }],
  });
  expect(hardened).toMatchObject({ maxProperties: SCHEMA_DEFAULTS.maxProperties });
  expect(hardened).not.toHaveProperty('additionalProperties');
});

test('alternatives that may hold at once are not closed one by one', () => {
  const alternatives = [
    { type: 'object', properties: { a: { type: 'string' } } },
    { type: 'object', properties: { b: { type: 'string' } } },
  ];
  const hardened = harden({ type: 'object', properties: { target: { oneOf: alternatives } } });
  expect(accepts(hardened, { target: { a: '1' } })).toBe(false);
  expect(hardened['properties']).toMatchObject({ target: { oneOf: alternatives, unevaluatedProperties: false } });
});

test('alternatives that a tag tells apart are closed one by one', () => {
  const card = {
    type: 'object',
    required: ['kind'],
    properties: { kind: { const: 'card' }, number: { type: 'string' } },
  };
  const cash = { type: 'object', required: ['kind'], properties: { kind: { const: 'cash' } } };
  const hardened = harden({ type: 'object', properties: { by: { oneOf: [card, cash] } } });
  expect(accepts(hardened, { by: { kind: 'card', number: '1' } })).toBe(true);
  expect(accepts(hardened, { by: { kind: 'cash', number: '1' } })).toBe(false);
});

test('a definition that a condition refers to is left as it is', () => {
  const forbidden = { type: 'object', properties: { a: { type: 'string' } } };
  const hardened = harden({
    type: 'object',
    properties: { value: { not: { $ref: '#/$defs/forbidden' } } },
    $defs: { forbidden },
  });
  expect(hardened['$defs']).toEqual({ forbidden });
});

test('two descriptions of one property are one: the second does not close it to what it names', () => {
  const hardened = harden({
    type: 'object',
    properties: { kind: { enum: ['a', 'b'] }, config: { type: 'object', properties: { size: { type: 'integer' } } } },
    ...conditional([
      { properties: { kind: { const: 'a' } } },
      { properties: { config: { properties: { mode: { const: 'fast' } } } } },
    ]),
  });
  expect(accepts(hardened, { kind: 'a', config: { size: 1, mode: 'fast' } })).toBe(true);
  expect(accepts(hardened, { kind: 'a', config: { size: 1, mode: 'slow' } })).toBe(false);
  expect(accepts(hardened, { kind: 'a', config: { size: 1, extra: 'fast' } })).toBe(false);
});

test('one object in two places, as an alias of YAML gives it, is closed where it stands alone', () => {
  const shared = { type: 'object', properties: { a: { type: 'string' } } };
  const hardened = harden({ type: 'object', properties: { alone: shared }, allOf: [shared] });
  expect(accepts(hardened, { a: '1', alone: { a: '1' } })).toBe(true);
  expect(accepts(hardened, { alone: { extra: '1' } })).toBe(false);
});

test('an anchor stays where its name is one', () => {
  const text = { type: 'string', maxLength: 9 };
  const inner = { $id: 'https://example.com/inner', $defs: { text: { ...text, $anchor: 'twice' } } };
  const { $defs } = harden({
    type: 'object',
    properties: { a: { $ref: '#once' }, b: { $ref: '#twice' } },
    $defs: { one: { ...text, $anchor: 'once' }, two: { ...text, $anchor: 'twice' }, inner },
  });
  expect($defs).toEqual({ one: { ...text, $anchor: 'once' }, two: text, inner: { $defs: { text } } });
});

test('a condition is left as it is: bounding it would change when it applies', () => {
  const condition = { properties: { kind: { type: 'string' } }, required: ['kind'] };
  const hardened = harden({ type: 'object', properties: {}, not: condition, if: condition });
  expect(hardened).toMatchObject({ not: condition, if: condition });
});

test('a default that its own schema refuses is dropped, another one stays', () => {
  const hardened = harden({
    type: 'object',
    properties: { bad: { type: 'integer', default: 'ten' }, good: { type: 'integer', default: 10 } },
  });
  expect(hardened['properties']).toMatchObject({ good: { default: 10 } });
  expect(JSON.stringify(hardened)).not.toContain('ten');
});

test('a property named __proto__ stays a property', () => {
  const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as JsonObject;
  const { properties } = harden(schema) as { properties: object };
  expect(Object.keys(properties)).toEqual(['__proto__']);
});

test('an output schema is closed but not capped, and left open where it is in parts', () => {
  expect(closeOutput({ type: 'object', properties: { name: { type: 'string' } } })).toEqual({
    type: 'object',
    properties: { name: { type: 'string' } },
    additionalProperties: false,
  });
  const composed = { type: 'object', allOf: [{ type: 'object', properties: { a: {} } }] };
  expect(closeOutput(composed)).toEqual(composed);
});

test('an output schema stays open where a result could be stripped to the wrong alternative', () => {
  const union = {
    anyOf: [
      { type: 'object', required: ['a'], properties: { a: {} } },
      { type: 'object', required: ['b'], properties: { b: {} } },
    ],
  };
  const nullable = { anyOf: [{ type: 'object', properties: { a: {} } }, { type: 'null' }] };
  expect(closeOutput({ type: 'object', properties: { union, nullable } })['properties']).toEqual({
    union,
    nullable: { anyOf: [{ type: 'object', properties: { a: {} }, additionalProperties: false }, { type: 'null' }] },
  });
});
