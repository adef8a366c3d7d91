import { expect, test } from 'vitest';

import { type Argument, findArgument } from '../../src/manifest/arguments.ts';

const RIGHT: Argument = { isRequired: true, mayBeNull: false, mayBeEmpty: false };

/** What is said about a required property `a` of that schema. */
function argumentOf(a: unknown, definitions: object = {}): Argument | undefined {
  return findArgument({ type: 'object', required: ['a'], properties: { a }, $defs: definitions }, '/a').found;
}

test.each([
  { type: 'string', minLength: 1 },
  { type: 'string', pattern: '^[a-z]+$' },
  { type: 'string', format: 'uuid' },
  { enum: ['x', 'y'] },
  { const: 7 },
  { type: ['integer', 'boolean'] },
  { type: 'array', minItems: 1 },
  { type: 'object', required: ['id'] },
  { $ref: '#/$defs/id' },
  { allOf: [{ type: 'string' }, { type: 'string', minLength: 2 }] },
  { anyOf: [{ type: 'integer' }, { type: 'string', minLength: 1 }] },
  { oneOf: [{ $ref: '#/$defs/id' }, { type: 'number' }] },
])('%j is neither null nor empty', (schema) => {
  expect(argumentOf(schema, { id: { type: 'string', minLength: 1 } })).toEqual(RIGHT);
});

test.each([
  { type: 'string' },
  { type: 'string', minLength: 0 },
  { type: 'string', pattern: '^[a-z]*$' },
  { type: 'string', format: 'json' },
  { enum: ['', 'x'] },
  { type: 'array' },
  { type: 'object' },
  { anyOf: [{ type: 'integer' }, { type: 'string' }] },
])('%j may be empty', (schema) => {
  expect(argumentOf(schema)).toEqual({ ...RIGHT, mayBeEmpty: true });
});

test.each([
  {},
  { minLength: 1 },
  { type: ['string', 'null'], minLength: 1 },
  { enum: ['x', null] },
  { anyOf: [{ type: 'null' }, { type: 'integer' }] },
])('%j may be null', (schema) => {
  expect(argumentOf(schema)?.mayBeNull).toBe(true);
});

test('a deeper argument is required where every step to it is', () => {
  const schema = (required: readonly string[]) => ({
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'object', required, properties: { 'b/c': { type: 'integer' } } } },
  });

  expect(findArgument(schema(['b/c']), '/a/b~1c').found).toEqual(RIGHT);
  expect(findArgument(schema([]), '/a/b~1c').found?.isRequired).toBe(false);
});

test('what every alternative requires is required', () => {
  const branch = (name: string) => ({ required: ['a', name], properties: { a: { type: 'integer' }, [name]: {} } });

  expect(findArgument({ type: 'object', anyOf: [branch('x'), branch('y')] }, '/a').found).toEqual(RIGHT);
  expect(findArgument({ type: 'object', anyOf: [branch('x'), branch('y')] }, '/x').found?.isRequired).toBe(false);
});

test('items of lists are found by their position', () => {
  const schema = {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'array', prefixItems: [{ type: 'integer' }], minItems: 1 } },
  };

  expect(findArgument(schema, '/a/0').found).toEqual(RIGHT);
  expect(findArgument(schema, '/a/1').found).toBeUndefined();
});

test('what a closed schema does not name is not there, and the names that are there are given', () => {
  expect(findArgument({ type: 'object', properties: { invoice_id: {} } }, '/id')).toEqual({
    found: undefined,
    candidates: ['invoice_id'],
  });
  expect(findArgument({ type: 'object', properties: {} }, '/constructor').found).toBeUndefined();
});

test('an open schema may have anything', () => {
  expect(findArgument({ type: 'object', additionalProperties: true }, '/a').found?.isRequired).toBe(false);
  expect(
    findArgument({ type: 'object', patternProperties: { '^x-': { type: 'integer' } } }, '/x-a').found,
  ).toBeDefined();
});

test('a schema that refers to itself is followed as far as the pointer goes', () => {
  const schema = {
    type: 'object',
    properties: { child: { $ref: '#' }, id: { type: 'integer' } },
    required: ['child', 'id'],
  };

  expect(findArgument(schema, '/child/child/id').found).toEqual(RIGHT);
});
