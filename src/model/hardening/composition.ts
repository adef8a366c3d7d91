/**
 * Which subschemas describe a part of an object rather than a whole one. A part must not be closed by itself:
 * it would refuse the members that its siblings describe.
 */
import { type JsonSchema, referenceTokens, subschemas } from '../../manifest/json-schema.ts';
import { isObject, valueAt } from '../../manifest/pointer.ts';
import { typesOf } from './caps.ts';

export type Keywords = Readonly<Record<string, unknown>>;

/** A schema for an object, or for several kinds of values with objects among them. */
export function describesObject(schema: Keywords): boolean {
  return typesOf(schema).has('object') || 'properties' in schema || 'patternProperties' in schema;
}

/** The subschemas that are applied to the same value as the schema itself. */
export function inPlaceSchemas(schema: Keywords): readonly Keywords[] {
  return [
    ...['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => listed(schema[keyword])),
    ...['if', 'then', 'else'].flatMap((keyword) => listed([schema[keyword]])),
    ...['dependentSchemas', 'dependencies'].flatMap((keyword) =>
      isObject(schema[keyword]) ? listed(Object.values(schema[keyword])) : [],
    ),
  ];
}

function listed(value: unknown): Keywords[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What can be known of a document's references before anything in it is changed. */
export class Composition {
  readonly #root: JsonSchema;
  readonly #parts = new Set<unknown>();

  constructor(root: JsonSchema) {
    this.#root = root;
    for (const { schema } of subschemas({ schema: root, pointer: '' })) {
      if (isObject(schema) && this.isComposed(schema)) this.#addPartsOf(schema);
    }
  }

  /** The schema that a `$ref` stands for; `undefined` where there is none. */
  target(schema: Keywords): Keywords | undefined {
    const reference = schema['$ref'];
    const tokens = typeof reference === 'string' ? referenceTokens(reference) : undefined;
    const found = tokens === undefined ? undefined : valueAt(this.#root, tokens);
    return isObject(found) ? found : undefined;
  }

  /** Describes an object together with its in-place subschemas, so that only all of them know every member. */
  isComposed(schema: Keywords): boolean {
    const others = [...inPlaceSchemas(schema), ...listed([this.target(schema)])];
    if (others.length === 0) return false;
    const isUnion = !describesObject(schema) && !['allOf', 'then', 'else'].some((keyword) => keyword in schema);
    return !isUnion && others.some((other) => this.#reachesObject(other, new Set()));
  }

  /** Stands for an object that other places use as a part, so that it is open where it is written. */
  refersToPart(schema: Keywords): boolean {
    const target = this.target(schema);
    return target !== undefined && this.isPart(target) && this.#reachesObject(target, new Set());
  }

  /** Used as a part somewhere: never closed where it stands. */
  isPart(schema: Keywords): boolean {
    return this.#parts.has(schema);
  }

  /** Every part of a composed schema, through references. */
  parts(schema: Keywords): ReadonlySet<Keywords> {
    const found = new Set<Keywords>();
    const add = (part: Keywords): void => {
      if (found.has(part)) return;
      found.add(part);
      this.#neighbours(part).forEach(add);
    };
    this.#neighbours(schema).forEach(add);
    return found;
  }

  #addPartsOf(schema: Keywords): void {
    for (const part of this.parts(schema)) this.#parts.add(part);
  }

  #neighbours(schema: Keywords): readonly Keywords[] {
    return [...inPlaceSchemas(schema), ...listed([this.target(schema)])];
  }

  #reachesObject(schema: Keywords, seen: Set<Keywords>): boolean {
    if (describesObject(schema)) return true;
    if (seen.has(schema)) return false;
    seen.add(schema);
    return this.#neighbours(schema).some((other) => this.#reachesObject(other, seen));
  }
}
