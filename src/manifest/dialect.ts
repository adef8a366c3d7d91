/** The JSON Schema dialects that are known, and what Ajv says about schemas in them. */
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';

import { quote } from '../diagnostics/catalog/words.ts';
import type { JsonSchema, PlacedSchema } from './json-schema.ts';
import { tokensOf } from './pointer.ts';

export type Dialect = '2020-12' | 'draft-07';

const DIALECTS: ReadonlyMap<unknown, Dialect> = new Map([
  ['https://json-schema.org/draft/2020-12/schema', '2020-12'],
  ['http://json-schema.org/draft-07/schema', 'draft-07'],
  ['https://json-schema.org/draft-07/schema', 'draft-07'],
]);

/** The dialect that a schema says it is in; 2020-12 where it says nothing; `undefined` for one that is not known. */
export function dialectOf(schema: JsonSchema): Dialect | undefined {
  if (typeof schema === 'boolean' || schema.$schema === undefined) return '2020-12';
  const { $schema } = schema;
  return DIALECTS.get(typeof $schema === 'string' ? $schema.replace(/#$/, '') : $schema);
}

export interface SchemaFault {
  /** JSON Pointer from the schema's root. */
  readonly pointer: string;
  /** `"required" must be array`. */
  readonly problem: string;
}

/** What the dialect's meta-schema refuses: the innermost places, one fault each. */
export function findSchemaFaults(schema: JsonSchema, dialect: Dialect): SchemaFault[] {
  const ajv = ajvFor(dialect);
  if (ajv.validateSchema(withoutDialect(schema)) === true) return [];
  const errors = ajv.errors ?? [];
  const isOuter = (path: string): boolean => errors.some(({ instancePath }) => instancePath.startsWith(`${path}/`));
  const byPlace = new Map(
    errors
      .filter(({ instancePath }) => !isOuter(instancePath))
      .toReversed()
      .map((error) => [error.instancePath, error]),
  );
  return [...byPlace.values()]
    .toReversed()
    .map((error) => ({ pointer: error.instancePath, problem: `${nameOf(error)}${describeError(error)}` }));
}

/** The keyword at fault, unless the schema as a whole is. */
function nameOf({ instancePath }: ErrorObject): string {
  const name = tokensOf(instancePath).at(-1);
  return name === undefined ? 'it ' : `${quote(name)} `;
}

export interface RejectedDefault {
  readonly pointer: string;
  readonly value: unknown;
  readonly problem: string;
}

/** The defaults that their own schemas refuse. `places` are subschemas of `root`; a broken root has none. */
export function findRejectedDefaults(
  root: PlacedSchema,
  places: readonly PlacedSchema[],
  dialect: Dialect,
): RejectedDefault[] {
  if (places.length === 0) return [];
  const ajv = ajvFor(dialect);
  const key = 'manifest:input';
  try {
    ajv.addSchema(withoutDialect(root.schema), key, false, false);
    return places.flatMap(({ schema, pointer }) => {
      const value = typeof schema === 'object' ? schema.default : undefined;
      const fragment = tokensOf(pointer.slice(root.pointer.length)).map(
        (token) => `/${encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
      );
      const validate = ajv.compile({ $ref: `${key}#${fragment.join('')}` });
      if (validate(value) === true) return [];
      const [error] = validate.errors ?? [];
      return [{ pointer, value, problem: error === undefined ? 'is not valid' : describeError(error) }];
    });
  } catch {
    // A schema that cannot be compiled has an error of its own.
    return [];
  } finally {
    ajv.removeSchema(key);
  }
}

function describeError({ message = 'is not valid', params }: ErrorObject): string {
  const allowed: unknown = params.allowedValues;
  return Array.isArray(allowed)
    ? `must be one of ${allowed.map((value) => JSON.stringify(value)).join(', ')}`
    : message;
}

/** The root's own `$schema` and `$id` would only make Ajv look elsewhere for what is here. */
function withoutDialect(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema;
  const { $schema: _dialect, $id: _id, ...rest } = schema;
  return rest;
}

const instances = new Map<Dialect, Ajv>();

// Compiling a meta-schema costs more than all checks with it, so each dialect has one instance.
function ajvFor(dialect: Dialect): Ajv {
  const known = instances.get(dialect);
  if (known !== undefined) return known;
  const options = { strict: false, allErrors: true, logger: false, code: { optimize: false } } as const;
  const ajv = dialect === 'draft-07' ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv);
  instances.set(dialect, ajv);
  return ajv;
}
