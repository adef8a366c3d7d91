import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';

import { SCHEMA_DEFAULTS } from '../../src/manifest/schema.ts';
import { closeOutput, hardenInput } from '../../src/model/hardening/harden-schema.ts';
import type { JsonObject } from '../../src/model/project.ts';
import { accepts, objects, objectSchemas } from './schemas.ts';

const harden = (schema: JsonObject): JsonObject => hardenInput(schema, SCHEMA_DEFAULTS);

test('what the hardened schema accepts, the original accepts', () => {
  assert(
    property(objectSchemas, objects, (schema, value) => !accepts(harden(schema), value) || accepts(schema, value)),
    { numRuns: 1_000 },
  );
});

test('hardening twice changes nothing', () => {
  assert(
    property(objectSchemas, (schema) => {
      const once = harden(schema);
      expect(harden(once)).toEqual(once);
    }),
    { numRuns: 500 },
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
