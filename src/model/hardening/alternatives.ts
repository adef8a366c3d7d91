/** What is known of the alternatives of a union: whether two can hold at once, and which may be objects. */
import { isDeepStrictEqual } from 'node:util';

import { isObject } from '../../manifest/pointer.ts';
import { typesOf } from './caps.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** The schema that a reference stands for, else the schema itself. */
export type Resolve = (schema: Keywords) => Keywords;

/**
 * No value fits two of the schemas. Where that is not certain, narrowing one of them could make a `oneOf`
 * accept what it refused, because a value then fits only the other.
 */
export function areApart(schemas: readonly unknown[], resolve: Resolve): boolean {
  const resolved = schemas.map((schema) => (isObject(schema) ? resolve(schema) : schema));
  return resolved.every((one, index) => resolved.slice(index + 1).every((other) => isPairApart(one, other)));
}

function isPairApart(one: unknown, other: unknown): boolean {
  if (one === false || other === false) return true;
  if (!isObject(one) || !isObject(other)) return false;
  return haveOtherTypes(one, other) || haveOtherValues(one, other) || haveOtherTags(one, other);
}

function haveOtherTypes(one: Keywords, other: Keywords): boolean {
  const types = possibleTypes(one);
  const others = possibleTypes(other);
  return types !== undefined && others !== undefined && [...types].every((type) => !others.has(type));
}

function haveOtherValues(one: unknown, other: unknown): boolean {
  const values = fixedValues(one);
  const others = fixedValues(other);
  if (values === undefined || others === undefined) return false;
  return values.every((value) => others.every((known) => !isDeepStrictEqual(value, known)));
}

/** Objects that one member tells apart, as `kind: { const: 'card' }` does. */
function haveOtherTags(one: Keywords, other: Keywords): boolean {
  if (one['type'] !== 'object' && other['type'] !== 'object') return false;
  const properties = isObject(one['properties']) ? one['properties'] : {};
  const others = isObject(other['properties']) ? other['properties'] : {};
  return Object.keys(properties).some(
    (name) =>
      Object.hasOwn(others, name) &&
      (requires(one, name) || requires(other, name)) &&
      haveOtherValues(properties[name], others[name]),
  );
}

function requires({ required }: Keywords, name: string): boolean {
  return Array.isArray(required) && required.includes(name);
}

/** Whether a value of the schema may be an object; `true` where that cannot be told. */
export function mayBeObject(schema: unknown, resolve: Resolve): boolean {
  if (!isObject(schema)) return schema === true;
  return possibleTypes(resolve(schema))?.has('object') ?? true;
}

/** JSON's types that a value may have, `integer` counted as `number`; `undefined` where the schema does not say. */
function possibleTypes(schema: Keywords): ReadonlySet<unknown> | undefined {
  const values = fixedValues(schema);
  if (values !== undefined) return new Set(values.map(typeOf));
  if (!('type' in schema)) return undefined;
  return new Set([...typesOf(schema)].map((type) => (type === 'integer' ? 'number' : type)));
}

function fixedValues(schema: unknown): readonly unknown[] | undefined {
  if (!isObject(schema)) return undefined;
  if ('const' in schema) return [schema['const']];
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
