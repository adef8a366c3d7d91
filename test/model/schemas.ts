/** JSON Schemas and values of many shapes, for property tests. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  array,
  boolean,
  constant,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  letrec,
  oneof,
  record,
  string,
  tuple,
  type Arbitrary,
  type LetrecTypedTie,
} from 'fast-check';

import type { Json, JsonObject } from '../../src/model/project.ts';

const name = constantFrom('a', 'b', 'c', 'constructor', '__proto__', 'auth-method');

interface Kinds {
  readonly schema: JsonObject;
  readonly part: JsonObject;
  readonly object: JsonObject;
  readonly composition: JsonObject;
}

const few = <Item>(item: Arbitrary<Item>): Arbitrary<Item[]> => array(item, { minLength: 1, maxLength: 2 });

/** A schema that asks for its second part where the first one holds. */
export function conditional(parts: readonly [condition: JsonObject, consequence: JsonObject]): JsonObject {
  return Object.fromEntries(['if', 'then'].map((keyword, index) => [keyword, parts[index] ?? {}]));
}

/** Object schemas a few levels deep; `references`: what else a schema may be. */
function objectsWith(references: readonly Arbitrary<JsonObject>[]): Arbitrary<JsonObject> {
  const { object } = letrec<Kinds>((tie: LetrecTypedTie<Kinds>) => ({
    schema: oneof(
      { maxDepth: 2 },
      record({ type: constantFrom('string'), maxLength: integer({ min: 0, max: 5 }) }, { requiredKeys: ['type'] }),
      record(
        { type: constantFrom('integer', 'number'), minimum: integer({ min: -5, max: 5 }) },
        { requiredKeys: ['type'] },
      ),
      record({ type: constantFrom('boolean', 'null') }),
      record({ enum: constantFrom(['x'], [1, null]) }),
      record({ type: constantFrom('array'), items: tie('schema') }),
      record({ anyOf: few(tie('schema')) }),
      record({ oneOf: few(tie('schema')) }),
      record({ not: tie('schema') }),
      ...references,
      tie('object'),
    ),
    part: oneof(
      { maxDepth: 2 },
      record({ properties: dictionary(name, record({ type: constantFrom('string', 'integer') }), { maxKeys: 2 }) }),
      record({ required: array(name, { minLength: 1, maxLength: 1 }) }),
      ...references,
      tie('object'),
    ),
    object: tuple(
      record(
        {
          type: constant('object'),
          properties: dictionary(name, tie('schema'), { maxKeys: 3 }),
          additionalProperties: oneof(boolean(), tie('schema')),
        },
        { requiredKeys: ['type', 'properties'] },
      ),
      tie('composition'),
    ).map(([whole, composition]): JsonObject => ({ ...whole, ...composition })),
    composition: oneof(
      { maxDepth: 1 },
      constant({}),
      record({ allOf: few(tie('part')) }),
      record({ anyOf: few(tie('part')) }),
      record({ oneOf: few(tie('part')) }),
      record({ allOf: few(tie('part')), anyOf: few(tie('part')) }),
      record({ not: tie('part') }),
      tuple(tie('part'), tie('part')).map(conditional),
    ),
  }));
  return object;
}

/** Object schemas with unions, conditions, references and everything else that hardening looks at. */
export const objectSchemas: Arbitrary<JsonObject> = record({
  object: objectsWith([constant({ $ref: '#/$defs/shared' })]),
  shared: objectsWith([]),
}).map(({ object, shared }) => clean({ ...object, $defs: { shared } }));

/** Values that such schemas often accept, and sometimes do not. */
export const objects = dictionary(name, oneof(jsonValue({ maxDepth: 2 }), string(), integer({ min: -9, max: 9 })), {
  maxKeys: 3,
}).map(clean);

const plainNames = ['a', 'b', 'c', 'constructor', 'auth-method'];

/** Object schemas in which every object declares every name that `plainObjects` use. */
export const completeSchemas: Arbitrary<JsonObject> = objectSchemas.map((schema) => declareAll(schema) as JsonObject);

function declareAll(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(declareAll);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([name, value]) => [name, declareAll(value)] as const);
  const copy = Object.fromEntries(members);
  if (copy['type'] !== 'object') return copy;
  const all = Object.fromEntries(plainNames.map((name) => [name, true] as const));
  return { ...copy, properties: { ...all, ...(copy['properties'] as object) } };
}

/** Values without surprising names, at any depth. */
export const plainObjects: Arbitrary<object> = letrec<{ value: unknown; object: object }>((tie) => ({
  value: oneof(
    { maxDepth: 2 },
    constantFrom('', 'x', 'long text', 1, -3, 2.5, null, true),
    array(tie('value'), { maxLength: 2 }),
    tie('object'),
  ),
  object: dictionary(constantFrom(...plainNames), tie('value'), { maxKeys: 3 }),
})).object.map(clean);

/** As JSON has it: members that are undefined are absent, `__proto__` is a member. */
function clean<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** Whether the schema accepts the value, told without the code under test. */
export function accepts(schema: JsonObject, value: unknown): boolean {
  return new Ajv2020({
    // Otherwise Ajv knows better which members an alternative that failed had evaluated.
    allErrors: true,
    strict: false,
    ownProperties: true,
    meta: false,
    validateSchema: false,
    logger: false,
  }).validate(schema, value);
}
