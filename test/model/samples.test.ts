import { assert, property } from 'fast-check';
import { expect, test } from 'vitest';

import { SCHEMA_DEFAULTS } from '../../src/manifest/schema.ts';
import { hardenInput } from '../../src/model/hardening/harden-schema.ts';
import type { JsonObject } from '../../src/model/project.ts';
import { rejectedSamples } from '../../src/model/samples/rejected.ts';
import { acceptedArguments, sameKeyArguments } from '../../src/model/samples/samples.ts';
import { compileSchema } from '../../src/model/validators.ts';
import { accepts, objectSchemas } from './schemas.ts';

function samplesOf(schema: JsonObject) {
  const hardened = hardenInput(schema, SCHEMA_DEFAULTS);
  const { validate } = compileSchema(hardened, 'input');
  const accepted = acceptedArguments(hardened, validate);
  const [first] = accepted;
  return {
    hardened,
    validate,
    accepted,
    rejected: first === undefined ? [] : rejectedSamples(hardened, first, validate),
  };
}

const TRANSFER: JsonObject = {
  type: 'object',
  required: ['id', 'amount'],
  properties: {
    id: { type: 'string', pattern: '^[0-9a-f]{24}$' },
    amount: { type: 'integer', exclusiveMinimum: 0, multipleOf: 5 },
    currency: { type: 'string', enum: ['EUR', 'USD'], default: 'EUR' },
    at: { type: 'string', format: 'date-time' },
    tags: { type: 'array', minItems: 2, maxItems: 3, uniqueItems: true, items: { type: 'string', minLength: 2 } },
    payer: { type: 'object', required: ['name'], properties: { name: { type: ['string', 'null'] } } },
  },
};

test('the fullest sample comes first, then the required arguments alone', () => {
  const [full, required] = samplesOf(TRANSFER).accepted;
  expect(Object.keys(full ?? {})).toEqual(Object.keys(TRANSFER['properties'] as object));
  expect(required).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{24}$/), amount: 5, currency: 'EUR' });
  expect(Object.keys(required ?? {}).sort()).toEqual(['amount', 'currency', 'id']);
});

test('there is a rejection for every constraint', () => {
  const rules = samplesOf(TRANSFER).rejected.map(({ field, rule }) => `${field} ${rule}`);
  expect(rules.sort()).toEqual([
    '/amount exclusiveMinimum',
    '/amount maximum',
    '/amount multipleOf',
    '/amount required',
    '/amount type',
    '/at format',
    '/at type',
    '/currency enum',
    '/currency type',
    '/id maxLength',
    '/id pattern',
    '/id required',
    '/id type',
    '/payer type',
    '/payer/name maxLength',
    '/payer/name required',
    '/payer/name type',
    '/payer/unexpected_property additionalProperties',
    '/tags maxItems',
    '/tags minItems',
    '/tags type',
    '/tags uniqueItems',
    '/tags/0 maxLength',
    '/tags/0 minLength',
    '/tags/0 type',
    '/unexpected_property additionalProperties',
  ]);
});

test('whatever the schema: accepted samples are accepted, rejected ones rejected, with titles of their own', () => {
  // Ajv by itself overlooks a property named __proto__; validators.test.ts shows that ours do not.
  const schemas = objectSchemas.filter((schema) => !JSON.stringify(schema).includes('__proto__'));
  assert(
    property(schemas, (schema) => {
      const { hardened, accepted, rejected } = samplesOf(schema);
      for (const sample of accepted) expect(accepts(hardened, structuredClone(sample))).toBe(true);
      for (const sample of rejected) expect(accepts(hardened, structuredClone(sample.arguments))).toBe(false);
      expect(new Set(rejected.map(({ title }) => title)).size).toBe(rejected.length);
    }),
    { numRuns: 150 },
  );
});

test('examples of the author come before anything made up', () => {
  const schema = { type: 'object', properties: { id: { type: 'string' } }, examples: [{ id: 'inv_4821abcd' }] };
  expect(samplesOf(schema).accepted[0]).toEqual({ id: 'inv_4821abcd' });
});

test('a recursive schema has an end', () => {
  const schema: JsonObject = {
    type: 'object',
    required: ['node'],
    properties: { node: { $ref: '#/$defs/node' } },
    $defs: { node: { type: 'object', properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } } } },
  };
  expect(samplesOf(schema).accepted.length).toBeGreaterThan(0);
});

const text = { type: 'string' };
const objectOf = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
});
const listOf = (items: JsonObject): JsonObject => ({ type: 'array', uniqueItems: true, minItems: 2, items });

test.each<[string, JsonObject]>([
  ['a map with a least size', { type: 'object', additionalProperties: text, minProperties: 2 }],
  [
    'members by pattern',
    { type: 'object', patternProperties: { '^x-': text }, additionalProperties: false, minProperties: 1 },
  ],
  [
    'names by pattern',
    { type: 'object', additionalProperties: true, propertyNames: { pattern: '^[a-z]+$' }, minProperties: 1 },
  ],
  ['a list that contains something', { type: 'array', items: text, contains: { const: 'z' } }],
  ['different values of a set', listOf({ enum: ['x', 'y', 'z'] })],
  ['different objects', listOf(objectOf({ id: text }))],
  ['both truth values', listOf({ type: 'boolean' })],
  ['hundredths', { type: 'number', multipleOf: 0.01, minimum: 0.505 }],
  ['negative multiples', { type: 'integer', minimum: -9, maximum: -5, multipleOf: 3 }],
  ['a number between bounds that it may not reach', { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }],
  [
    'one of two members',
    { ...objectOf({ a: text, b: text }), required: [], oneOf: [{ required: ['a'] }, { required: ['b'] }] },
  ],
  [
    'a member that another one demands',
    { type: 'object', properties: { a: text, b: text }, dependentRequired: { a: ['b'] } },
  ],
  [
    'bounds in two parts',
    { allOf: [objectOf({ a: { type: 'integer', minimum: 3 } }), { properties: { a: { maximum: 3 } } }] },
  ],
  [
    'the second alternative',
    {
      anyOf: [
        { type: 'string', pattern: '(?!x)x' },
        { type: 'integer', minimum: 5 },
      ],
    },
  ],
  ['a pattern that looks ahead', { type: 'string', pattern: '^(?=.*[0-9])[a-z0-9]{4,}$' }],
  ['a short address', { type: 'string', format: 'email', maxLength: 10 }],
  ['a long link', { type: 'string', format: 'uri', minLength: 40 }],
])('%s can be made', (_what, value) => {
  const { accepted, rejected } = samplesOf(objectOf({ value }));
  expect(accepted.length).toBeGreaterThan(0);
  expect(rejected.some(({ field }) => field.startsWith('/value'))).toBe(true);
});

test('what a union or a part demands has rejections, too', () => {
  const card = objectOf({ kind: { const: 'card' }, number: { type: 'string', pattern: '^[0-9]{16}$' } });
  const { rejected } = samplesOf(objectOf({ by: { oneOf: [card, objectOf({ kind: { const: 'cash' } })] } }));
  const rules = rejected.map(({ field, rule }) => `${field} ${rule}`);
  expect(rules).toEqual(expect.arrayContaining(['/by/number required', '/by/number pattern', '/by/kind const']));
});

test('other arguments under the same key differ outside the key alone', () => {
  const { hardened, validate, accepted } = samplesOf(TRANSFER);
  const [first = {}] = accepted;
  const idempotency = {
    strategy: 'derived-key',
    key: [{ from: 'args', pointer: '/id' }],
    occurrence: { argument: { from: 'args', pointer: '/currency' } },
    recovery: 'quarantine',
    upstreamKey: undefined,
    lookup: undefined,
  } as const;
  const other = sameKeyArguments(hardened, first, { idempotency, validate });
  expect(other).toMatchObject({ id: first['id'], currency: first['currency'] });
  expect(other).not.toEqual(first);
});

test('the same schema gives the same samples', () => {
  expect(samplesOf(TRANSFER)).toMatchObject({ accepted: samplesOf(TRANSFER).accepted });
  expect(samplesOf(TRANSFER).rejected).toEqual(samplesOf(TRANSFER).rejected);
});

test('bounds that no value in memory can reach get no sample, and break nothing', () => {
  const { rejected } = samplesOf({
    type: 'object',
    required: ['text', 'number'],
    properties: {
      text: { type: 'string', maxLength: 2_147_483_647 },
      number: { type: 'number', maximum: Number.MAX_VALUE },
    },
  });
  expect(rejected.map(({ rule }) => rule)).not.toContain('maxLength');
  expect(rejected.map(({ rule }) => rule)).not.toContain('maximum');
  expect(
    samplesOf({ type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1e9 } } })
      .accepted,
  ).toEqual([]);
});
