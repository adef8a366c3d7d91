/** Bounds for what a schema leaves unbounded: they stand in the schema that the model is shown. */
import type { SCHEMA_DEFAULTS } from '../../manifest/schema.ts';
import { SHORT_FORMATS } from '../../manifest/text-bounds.ts';

export type Caps = typeof SCHEMA_DEFAULTS;
type Keywords = Readonly<Record<string, unknown>>;

/** The keywords to add to a schema; empty where it is bounded already or lists its values. */
export function missingCaps(schema: Keywords, caps: Caps): Keywords {
  if ('enum' in schema || 'const' in schema) return {};
  const types = typesOf(schema);
  return {
    ...(types.has('string') ? stringCaps(schema, caps) : {}),
    ...(types.has('array') ? arrayCaps(schema, caps) : {}),
    ...(types.has('number') || types.has('integer') ? numberCaps(schema, caps) : {}),
    ...(types.has('object') && isOpenMap(schema) ? mapCaps(schema, caps) : {}),
  };
}

export function typesOf(schema: Keywords): ReadonlySet<unknown> {
  const { type } = schema;
  return new Set(Array.isArray(type) ? type : [type]);
}

function stringCaps(schema: Keywords, { maxLength }: Caps): Keywords {
  if ('maxLength' in schema || SHORT_FORMATS.has(String(schema['format']))) return {};
  return { maxLength: atLeast(schema['minLength'], maxLength) };
}

function arrayCaps(schema: Keywords, { maxItems }: Caps): Keywords {
  return 'maxItems' in schema ? {} : { maxItems: atLeast(schema['minItems'], maxItems) };
}

function mapCaps(schema: Keywords, { maxProperties }: Caps): Keywords {
  return 'maxProperties' in schema ? {} : { maxProperties: atLeast(schema['minProperties'], maxProperties) };
}

function numberCaps(schema: Keywords, caps: Caps): Keywords {
  const low = lowest(schema['minimum'], schema['exclusiveMinimum']);
  const high = lowest(schema['maximum'], schema['exclusiveMaximum']);
  return {
    ...(low === undefined ? { minimum: high === undefined ? caps.minimum : Math.min(caps.minimum, high) } : {}),
    ...(high === undefined ? { maximum: low === undefined ? caps.maximum : Math.max(caps.maximum, low) } : {}),
  };
}

function lowest(inclusive: unknown, exclusive: unknown): number | undefined {
  if (typeof inclusive === 'number') return inclusive;
  return typeof exclusive === 'number' ? exclusive : undefined;
}

/** Where the schema demands more than the default cap allows, its own demand is the cap. */
function atLeast(demanded: unknown, cap: number): number {
  return typeof demanded === 'number' ? Math.max(demanded, cap) : cap;
}

function isOpenMap(schema: Keywords): boolean {
  const { additionalProperties: rest } = schema;
  return 'patternProperties' in schema || (rest !== undefined && rest !== false);
}
