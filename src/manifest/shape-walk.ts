/** Follows a value through the manifest's schema: which alternative was meant, which keys are known. */
import { z } from 'zod';

import { innerSchema } from './describe.ts';
import { isObject } from './pointer.ts';

export type Path = readonly PropertyKey[];

/** The schema of the member at a path of a value, still with all its alternatives; `undefined` where there is none. */
export function schemaAt(schema: z.core.$ZodType, value: unknown, path: Path): z.core.$ZodType | undefined {
  const [token, ...rest] = path;
  const here = settle(schema, value);
  if (token === undefined) return unwrap(schema);
  if (here === undefined) return undefined;
  const next = memberSchema(here, token);
  return next && schemaAt(next, memberValue(value, token), rest);
}

/** The keys that a schema knows; none where any key is right. */
export function knownKeys(schema: z.core.$ZodType | undefined, value: unknown): string[] {
  const here = schema && settle(schema, value);
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

/** The alternative that the writer of a value most likely meant; `undefined` where its kind fits none. */
export function meantOption(options: readonly z.core.$ZodType[], value: unknown): z.core.$ZodType | undefined {
  const fitting = options.filter((option) => fitsKind(option, value));
  if (!isObject(value)) return fitting[0];
  const ranked = fitting.map((option) => ({ option, score: countSharedKeys(option, value) }));
  return ranked.toSorted((a, b) => b.score - a.score)[0]?.option;
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = innerSchema(schema);
  return inner === undefined ? schema : unwrap(inner);
}

function settle(schema: z.core.$ZodType, value: unknown): z.core.$ZodType | undefined {
  const here = unwrap(schema);
  if (!(here instanceof z.ZodUnion)) return here;
  const option = meantOption(here.options, value);
  return option && settle(option, value);
}

function memberSchema(schema: z.core.$ZodType, token: PropertyKey): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodObject)
    return Object.hasOwn(schema.shape, token) ? schema.shape[String(token)] : undefined;
  if (schema instanceof z.ZodArray) return schema.element;
  return schema instanceof z.ZodRecord ? schema.valueType : undefined;
}

function memberValue(value: unknown, token: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, token)) return undefined;
  return (value as Readonly<Record<PropertyKey, unknown>>)[token]; // an object with this member
}

function fitsKind(option: z.core.$ZodType, value: unknown): boolean {
  const schema = unwrap(option);
  if (schema instanceof z.ZodUnion) return schema.options.some((inner) => fitsKind(inner, value));
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return isObject(value);
  if (schema instanceof z.ZodArray) return Array.isArray(value);
  if (schema instanceof z.ZodLiteral) return schema.values.has(value as z.core.util.Literal); // only compared
  if (schema instanceof z.ZodString || schema instanceof z.ZodEnum) return typeof value === 'string';
  if (schema instanceof z.ZodNumber) return typeof value === 'number';
  return schema instanceof z.ZodBoolean ? typeof value === 'boolean' : true;
}

function countSharedKeys(option: z.core.$ZodType, value: Readonly<Record<string, unknown>>): number {
  if (!(option instanceof z.ZodObject)) return 0;
  const shape: Readonly<Record<string, z.core.$ZodType>> = option.shape;
  // A literal tells alternatives apart better than any other key: `type: basic`.
  return Object.entries(value)
    .filter(([key]) => Object.hasOwn(shape, key))
    .reduce((score, [key, member]) => {
      const field = shape[key];
      return field instanceof z.ZodLiteral
        ? score + (field.values.has(member as z.core.util.Literal) ? 100 : 0)
        : score + 1;
    }, 0);
}
