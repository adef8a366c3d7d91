/** Values that a schema accepts. What cannot be built from the keywords has to come from `examples`. */
import { isObject } from '../../manifest/pointer.ts';
import { typesOf } from '../hardening/caps.ts';
import { Composition, type Keywords } from '../hardening/composition.ts';
import type { Json, JsonObject } from '../project.ts';
import { stringCandidates } from './strings.ts';

/** How much of an object is filled in: every declared property, or only what is required. */
export type Fullness = 'full' | 'required';

/** Below this, only what is required is filled in; below that, nothing is. */
const DEEPEST = 6;
const DEEPEST_REQUIRED = 40;

/** Builds values for the schemas of one document. */
export class SampleBuilder {
  readonly #root: JsonObject;
  readonly #composition: Composition;
  readonly #fullness: Fullness;
  /** Which alternative of an `anyOf`, `oneOf` or `type` is taken first. */
  readonly #choice: number;

  constructor(root: JsonObject, options: { readonly fullness: Fullness; readonly choice: number }) {
    this.#root = root;
    this.#composition = new Composition(root);
    this.#fullness = options.fullness;
    this.#choice = options.choice;
  }

  /** A value for the whole document; whether it is accepted is the validator's to say. */
  build(): Json {
    return this.#value(this.#root, 0);
  }

  #value(schema: unknown, depth: number): Json {
    if (!isObject(schema)) return 'text';
    const given = givenValues(schema);
    const [first] = given;
    if (first !== undefined) return given[this.#choice % given.length] ?? first;
    if (depth > DEEPEST_REQUIRED) return null;
    const merged = this.#merge(schema, depth);
    const type = this.#typeOf(merged, depth);
    if (type === 'object') return this.#object(merged, depth);
    if (type === 'array') return this.#array(merged, depth);
    const [value] = merged === schema ? [] : givenValues(merged);
    return value ?? scalar(type, merged, this.#choice);
  }

  /** The schema with one alternative of each union, and all of `allOf`, laid over it. */
  #merge(schema: Keywords, depth: number, seen: readonly Keywords[] = []): Keywords {
    if (seen.includes(schema)) return schema;
    const target = this.#composition.target(schema);
    const alternatives = ['anyOf', 'oneOf'].flatMap((keyword) => this.#pick(schema[keyword], depth));
    const parts = [...(target === undefined ? [] : [target]), ...allOf(schema), ...alternatives];
    if (parts.length === 0) return schema;
    return parts.map((part) => this.#merge(part, depth, [...seen, schema])).reduce(overlay, schema);
  }

  #pick(alternatives: unknown, depth: number): readonly Keywords[] {
    if (!Array.isArray(alternatives)) return [];
    const usable = alternatives.filter(isObject);
    const chosen = usable[this.#chosen(usable.length, depth)];
    return chosen === undefined ? [] : [chosen];
  }

  /** Deep down another alternative is taken, because the first may lead deeper for ever. */
  #chosen(count: number, depth: number): number {
    return (this.#choice + (depth > DEEPEST ? depth : 0)) % Math.max(1, count);
  }

  #typeOf(schema: Keywords, depth: number): string {
    const types = [...typesOf(schema)].filter((type): type is string => typeof type === 'string');
    const named = types[this.#chosen(types.length, depth)];
    if (named !== undefined) return named;
    if ('properties' in schema || 'required' in schema || 'additionalProperties' in schema) return 'object';
    if ('items' in schema || 'prefixItems' in schema) return 'array';
    return 'minimum' in schema || 'maximum' in schema ? 'number' : 'string';
  }

  #object(schema: Keywords, depth: number): Json {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    const required = new Set(Array.isArray(schema['required']) ? schema['required'].map(String) : []);
    const isFull = this.#fullness === 'full' && depth < DEEPEST;
    const names = Object.keys(properties).filter((name) => isFull || required.has(name));
    const members = names
      .filter((name) => properties[name] !== false)
      .map((name) => [name, this.#value(properties[name], depth + 1)] as const);
    const missing = [...required].filter((name) => !Object.hasOwn(properties, name));
    const rest = isObject(schema['additionalProperties']) ? schema['additionalProperties'] : {};
    const extra = missing.map((name) => [name, this.#value(rest, depth + 1)] as const);
    return Object.fromEntries([...members, ...extra]);
  }

  #array(schema: Keywords, depth: number): Json {
    const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : [];
    const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
    const wanted = Math.max(least, this.#fullness === 'full' && depth < DEEPEST && schema['maxItems'] !== 0 ? 1 : 0);
    const { items } = schema;
    const sample = (index: number): Json => {
      const value = this.#value(prefix[index] ?? (Array.isArray(items) ? items[index] : items), depth + 1);
      return schema['uniqueItems'] === true ? vary(value, index) : value;
    };
    const length = items === false ? Math.max(prefix.length, least) : Math.max(wanted, Math.min(prefix.length, 10));
    return Array.from({ length }, (_, index) => sample(index));
  }
}

/** Values that the schema itself offers. */
function givenValues(schema: Keywords): readonly Json[] {
  if ('const' in schema) return [schema['const'] as Json]; // JSON, as every part of a schema
  const examples = Array.isArray(schema['examples']) ? (schema['examples'] as readonly Json[]) : [];
  const listed = Array.isArray(schema['enum']) ? (schema['enum'] as readonly Json[]) : [];
  const preset = 'default' in schema ? [schema['default'] as Json] : [];
  return [...examples, ...(examples.length === 0 ? listed : []), ...(listed.length === 0 ? preset : [])];
}

function scalar(type: string, schema: Keywords, choice: number): Json {
  switch (type) {
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'integer':
    case 'number':
      return numberSample(schema, type);
    default: {
      const candidates = [...stringCandidates(schema)];
      return candidates[choice % candidates.length] ?? 'text';
    }
  }
}

function numberSample(schema: Keywords, type: string): number {
  const step = typeof schema['multipleOf'] === 'number' ? schema['multipleOf'] : 1;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const low = typeof exclusiveMinimum === 'number' ? exclusiveMinimum + step : minimum;
  const high = typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : maximum;
  const wanted = Math.max(typeof low === 'number' ? low : 1, Math.min(1, typeof high === 'number' ? high : 1));
  const rounded = Math.ceil(wanted / step) * step;
  if (typeof high !== 'number' || rounded <= high) return rounded;
  return type === 'number' && typeof low === 'number' ? (low + high) / 2 : high;
}

/** Another value of the same kind, for lists whose items must differ. */
function vary(value: Json, index: number): Json {
  if (index === 0) return value;
  if (typeof value === 'number') return value + index;
  return typeof value === 'string' ? `${value}${index}` : value;
}

function allOf(schema: Keywords): readonly Keywords[] {
  return Array.isArray(schema['allOf']) ? schema['allOf'].filter(isObject) : [];
}

/** Members of both; where both have properties or required names, those of both. */
function overlay(schema: Keywords, part: Keywords): Keywords {
  const properties = [schema['properties'], part['properties']].filter(isObject);
  const required = [schema['required'], part['required']].flatMap((names) => (Array.isArray(names) ? names : []));
  return {
    ...schema,
    ...part,
    ...('type' in schema ? { type: schema['type'] } : {}),
    ...(properties.length === 0
      ? {}
      : { properties: Object.fromEntries(properties.flatMap((named) => Object.entries(named))) }),
    ...(required.length === 0 ? {} : { required: [...new Set(required)] }),
  };
}
