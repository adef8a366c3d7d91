/** What a schema offers to build a value from: its own values, its types, its alternatives. */
import { isObject } from '../../manifest/pointer.ts';
import { typesOf } from '../hardening/caps.ts';
import type { Keywords } from '../hardening/composition.ts';
import type { Json } from '../project.ts';
import { stringCandidates } from './strings.ts';

/** What holds beside the schema in each of the two cases of a condition. */
export function conditionalParts(schema: Keywords): readonly (readonly Keywords[])[] {
  if (!isObject(schema['if'])) return [];
  const consequence = isObject(schema['then']) ? [schema['then']] : [];
  return [[schema['if'], ...consequence], ...(isObject(schema['else']) ? [[schema['else']]] : [])];
}

/** Values that the schema itself offers. */
export function givenValues(schema: Keywords): readonly Json[] {
  if ('const' in schema) return [schema['const'] as Json]; // JSON, as every part of a schema
  const examples = Array.isArray(schema['examples']) ? (schema['examples'] as readonly Json[]) : [];
  const listed = Array.isArray(schema['enum']) ? (schema['enum'] as readonly Json[]) : [];
  const preset = 'default' in schema ? [schema['default'] as Json] : [];
  return [...examples, ...listed, ...(listed.length === 0 ? preset : [])];
}

export function isListed(schema: Keywords): boolean {
  return 'const' in schema || (Array.isArray(schema['enum']) && schema['enum'].length > 0);
}

export function typesFor(schema: Keywords): readonly string[] {
  const types = [...typesOf(schema)].filter((type): type is string => typeof type === 'string');
  if (types.length > 0) return [...types.filter((type) => type !== 'null'), ...types.filter((type) => type === 'null')];
  const speaksOf = (...keywords: readonly string[]): boolean => keywords.some((keyword) => keyword in schema);
  if (speaksOf('properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties'))
    return ['object'];
  if (speaksOf('items', 'prefixItems', 'contains', 'minItems')) return ['array'];
  return [speaksOf('minimum', 'maximum', 'exclusiveMinimum', 'multipleOf') ? 'number' : 'string'];
}

/** A map says what its members are like without naming them. */
export function isMap(schema: Keywords): boolean {
  return isObject(schema['additionalProperties']) || isObject(schema['patternProperties']);
}

/** A value says more than its absence. */
export function nullLast(schemas: readonly Keywords[]): readonly Keywords[] {
  const isNull = (schema: Keywords): boolean => schema['type'] === 'null';
  return [...schemas.filter((schema) => !isNull(schema)), ...schemas.filter(isNull)];
}

export function restSchema(schema: Keywords): unknown {
  return isObject(schema['additionalProperties']) ? schema['additionalProperties'] : {};
}

export function namesFor(rule: Keywords): readonly string[] {
  return Array.isArray(rule['enum']) ? rule['enum'].map(String) : [...stringCandidates(rule)];
}

export function schemasOf(value: unknown): readonly Keywords[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function schemasOrBooleans(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function stringsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
