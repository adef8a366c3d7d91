/**
 * Which subschemas describe a part of an object rather than a whole one. A part must not be closed by itself:
 * it would refuse the members that its siblings describe.
 */
import { type JsonSchema, referenceTokens, subschemas } from '../../manifest/json-schema.ts';
import { isObject, valueAt } from '../../manifest/pointer.ts';
import { areApart, mayBeObject } from './alternatives.ts';
import { typesOf } from './caps.ts';

export type Keywords = Readonly<Record<string, unknown>>;

/** A schema for an object, or for several kinds of values with objects among them. */
export function describesObject(schema: Keywords): boolean {
  return typesOf(schema).has('object') || 'properties' in schema || 'patternProperties' in schema;
}

/** What can be known of a document's references before anything in it is changed. */
export class Composition {
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** Every schema of the document. */
  all(): readonly Keywords[] {
    return subschemas({ schema: this.#root, pointer: '' })
      .map(({ schema }) => schema)
      .filter(isObject);
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
    const groups = this.#groups(schema).filter(({ schemas }) => schemas.some((one) => this.reachesObject(one)));
    const [only] = groups;
    if (only === undefined) return false;
    if (describesObject(schema) || groups.length > 1) return true;
    return this.#isEntangled(only);
  }

  /** The schemas of one keyword, and nothing beside it: whether they can only be closed together. */
  #isEntangled({ keyword, schemas }: Group): boolean {
    switch (keyword) {
      case '$ref':
      case 'anyOf':
        return false;
      case 'oneOf':
        return !this.areApart(schemas) && schemas.every((one) => this.reachesObject(one) || !this.#mayBeObject(one));
      case 'allOf':
        return schemas.length > 1;
      default:
        return true;
    }
  }

  areApart(schemas: readonly unknown[]): boolean {
    return areApart(schemas, (schema) => this.#resolve(schema));
  }

  /**
   * Subschemas that may fail although the whole succeeds, or be one of several that hold at once. `anyOf` and
   * `oneOf` have none where only one of their alternatives may be an object.
   */
  tentative(schema: Keywords): readonly Keywords[] {
    const conditions = ['not', 'if', 'contains', 'propertyNames'].map((keyword) => schema[keyword]);
    const alternatives = ['anyOf', 'oneOf'].flatMap((keyword) => {
      const listed: readonly unknown[] = Array.isArray(schema[keyword]) ? schema[keyword] : [];
      return listed.filter((one) => this.#mayBeObject(one)).length < 2 ? [] : listed;
    });
    return [...conditions, ...alternatives].filter(isObject);
  }

  /** What is tentative, and what describes only a part of a composed object. */
  tentativeOrPart(schema: Keywords): readonly Keywords[] {
    return [...this.tentative(schema), ...(this.isComposed(schema) ? this.parts(schema) : [])];
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

  /** The schema's own parts that always hold together with it: `allOf` and `$ref`, through references. */
  conjuncts(schema: Keywords): ReadonlySet<Keywords> {
    const found = new Set([schema]);
    // The set grows while it is walked.
    for (const one of found) {
      for (const { keyword, schemas } of this.#groups(one)) {
        if (keyword === 'allOf' || keyword === '$ref') schemas.forEach((part) => found.add(part));
      }
    }
    return found;
  }

  /** The schemas and all below them, through references. */
  reach(starts: readonly Keywords[]): ReadonlySet<Keywords> {
    const found = new Set<Keywords>();
    const pending = [...starts];
    // The list grows while it is walked.
    for (const start of pending) {
      if (found.has(start)) continue;
      for (const { schema } of subschemas({ schema: start, pointer: '' })) {
        if (!isObject(schema)) continue;
        found.add(schema);
        const target = this.target(schema);
        if (target !== undefined && !found.has(target)) pending.push(target);
      }
    }
    return found;
  }

  reachesObject(schema: Keywords, seen = new Set<Keywords>()): boolean {
    if (describesObject(schema)) return true;
    if (seen.has(schema)) return false;
    seen.add(schema);
    return this.#neighbours(schema).some((other) => this.reachesObject(other, seen));
  }

  #mayBeObject(schema: unknown): boolean {
    return mayBeObject(schema, (one) => this.#resolve(one));
  }

  #resolve(schema: Keywords): Keywords {
    const seen = new Set<Keywords>();
    let resolved = schema;
    while (!seen.has(resolved)) {
      seen.add(resolved);
      resolved = this.target(resolved) ?? resolved;
    }
    return resolved;
  }

  #neighbours(schema: Keywords): readonly Keywords[] {
    return this.#groups(schema).flatMap(({ schemas }) => schemas);
  }

  /** The subschemas that are applied to the same value as the schema itself. */
  #groups(schema: Keywords): readonly Group[] {
    const target = this.target(schema);
    const named = ['dependentSchemas', 'dependencies'].map((keyword) => ({
      keyword,
      schemas: isObject(schema[keyword]) ? schemasOf(Object.values(schema[keyword])) : [],
    }));
    const groups = [
      { keyword: '$ref', schemas: target === undefined ? [] : [target] },
      ...['allOf', 'anyOf', 'oneOf'].map((keyword) => ({ keyword, schemas: schemasOf(schema[keyword]) })),
      ...['if', 'then', 'else'].map((keyword) => ({ keyword, schemas: schemasOf([schema[keyword]]) })),
      ...named,
    ];
    return groups.filter(({ schemas }) => schemas.length > 0);
  }
}

/** The in-place subschemas of one keyword. */
interface Group {
  readonly keyword: string;
  readonly schemas: readonly Keywords[];
}

function schemasOf(value: unknown): readonly Keywords[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
