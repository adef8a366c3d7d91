/** What a value is, and what a field expects, in words. */
import { z } from 'zod';

import { list, quote } from '../diagnostics/catalog/words.ts';

/** What was written: `"abc"`, `12`, `a list`. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a mapping' : String(value);
}

/** What a field expects: `a string or a mapping with "env"`. */
export function describeExpected(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodUnion) return list(schema.options.map(describeExpected));
  if (schema instanceof z.ZodObject) return describeObject(schema);
  if (schema instanceof z.ZodEnum) return list(schema.options.map((option) => quote(String(option))));
  if (schema instanceof z.ZodLiteral) return list([...schema.values].map((value) => JSON.stringify(value)));
  if (schema instanceof z.ZodArray) return 'a list';
  if (schema instanceof z.ZodRecord) return 'a mapping';
  if (schema instanceof z.ZodString) return 'a string';
  if (schema instanceof z.ZodNumber) return schema.format === 'safeint' ? 'a whole number' : 'a number';
  if (schema instanceof z.ZodBoolean) return 'true or false';
  const inner = innerSchema(schema);
  return inner === undefined ? 'a value' : describeExpected(inner);
}

function describeObject(schema: z.ZodObject): string {
  const required = Object.entries(schema.shape).filter(([, field]) => !isOptional(field));
  const names = required.map(([name]) => quote(name));
  return names.length === 0 ? 'a mapping' : `a mapping with ${list(names, 'and')}`;
}

function isOptional(field: z.core.$ZodType): boolean {
  return field instanceof z.ZodOptional || field instanceof z.ZodDefault || field instanceof z.ZodPrefault;
}

/** The schema inside one that only adds a default, a transformation or absence. */
export function innerSchema(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return schema.def.innerType;
  }
  return schema instanceof z.ZodPipe ? schema.def.in : undefined;
}
