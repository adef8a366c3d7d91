/** JSON Schemas and values of many shapes, for property tests. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import {
  array,
  boolean,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  letrec,
  oneof,
  record,
  string,
} from 'fast-check';

import type { JsonObject } from '../../src/model/project.ts';

const name = constantFrom('a', 'b', 'c', 'constructor', '__proto__', 'auth-method');

/** Object schemas a few levels deep, with unions, `allOf` and everything else that hardening looks at. */
export const objectSchemas = letrec<{ schema: JsonObject; part: JsonObject; object: JsonObject }>((tie) => ({
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
    record({ anyOf: array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
    tie('object'),
  ),
  part: oneof(
    { maxDepth: 2 },
    record({ properties: dictionary(name, record({ type: constantFrom('string', 'integer') }), { maxKeys: 2 }) }),
    record({ required: array(name, { minLength: 1, maxLength: 1 }) }),
    tie('object'),
  ),
  object: record(
    {
      type: constantFrom('object'),
      properties: dictionary(name, tie('schema'), { maxKeys: 3 }),
      additionalProperties: oneof(boolean(), tie('schema')),
      allOf: array(tie('part'), { minLength: 1, maxLength: 2 }),
      anyOf: array(tie('part'), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['type', 'properties'] },
  ),
})).object.map(clean);

/** Values that such schemas often accept, and sometimes do not. */
export const objects = dictionary(name, oneof(jsonValue({ maxDepth: 2 }), string(), integer({ min: -9, max: 9 })), {
  maxKeys: 3,
}).map(clean);

/** As JSON has it: members that are undefined are absent, `__proto__` is a member. */
function clean<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** Whether the schema accepts the value, told without the code under test. */
export function accepts(schema: JsonObject, value: unknown): boolean {
  return new Ajv2020({
    strict: false,
    ownProperties: true,
    meta: false,
    validateSchema: false,
    logger: false,
  }).validate(schema, value);
}
