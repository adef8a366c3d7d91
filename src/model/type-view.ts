/**
 * A schema as json-schema-to-typescript should read it: only what makes a type, because it takes some other
 * keywords for code, names or types of its own.
 */
import { referenceTokens } from '../manifest/json-schema.ts';
import { isObject, valueAt } from '../manifest/pointer.ts';
import type { JsonObject } from './project.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** The compiler calls this method of the objects it reads; a property of that name would take its place. */
export const STAND_IN = '__HARDENED_MCP_HAS_OWN_PROPERTY__';

/** Keywords that say something about the shape of a value: a union of schemas without any says nothing. */
const SHAPE = new Set(
  '$ref type const enum properties patternProperties additionalProperties items prefixItems allOf anyOf oneOf'.split(
    ' ',
  ),
);

/** `type`: what the type of the whole is called, and what the names of all others start with. */
export function typeView(schema: JsonObject, type: string): Keywords {
  return new TypeView(schema, type).read();
}

class TypeView {
  readonly #root: JsonObject;
  readonly #type: string;
  /** What references lead to: their targets, by the names of their types. The map grows while it is read. */
  readonly #targets = new Map<string, unknown>();
  readonly #names = new Map<string, string>();

  constructor(root: JsonObject, type: string) {
    this.#root = root;
    this.#type = type;
  }

  read(): Keywords {
    const whole = this.#schema(this.#whole());
    const definitions: (readonly [string, unknown])[] = [];
    for (const [name, target] of this.#targets) definitions.push([name, this.#schema(target)]);
    return definitions.length === 0 ? whole : { ...whole, $defs: Object.fromEntries(definitions) };
  }

  /** What the root stands for: the compiler would call it as the definition that it refers to. */
  #whole(): unknown {
    const seen = new Set<unknown>();
    let schema: unknown = this.#root;
    while (isObject(schema) && isReferenceOnly(schema) && !seen.has(schema)) {
      seen.add(schema);
      schema = valueAt(this.#root, referenceTokens(schema['$ref']) ?? []);
    }
    return schema;
  }

  #schema(schema: unknown): Keywords {
    if (!isObject(schema)) return schema === false ? { not: {} } : {};
    const members = Object.entries(withoutTuple(withoutPatterns(schema)));
    return Object.fromEntries(members.flatMap(([keyword, value]) => this.#keyword(keyword, value)));
  }

  #keyword(keyword: string, value: unknown): readonly (readonly [string, unknown])[] {
    switch (keyword) {
      case 'type':
      case 'required':
        return [[keyword, value]];
      case 'const':
      case 'enum':
        // The compiler would take objects with a `$ref` among the values for references.
        return [value].flat().some(isComplex) ? [] : [[keyword, value]];
      case 'description':
        return typeof value === 'string' ? [[keyword, commentText(value)]] : [];
      case '$ref':
        return typeof value === 'string' ? this.#reference(value) : [];
      case 'properties':
        return isObject(value) ? [[keyword, this.#properties(value)]] : [];
      case 'items':
        return [[keyword, this.#schema(value)]];
      case 'additionalProperties':
        return [[keyword, isObject(value) ? this.#schema(value) : value]];
      case 'allOf':
      case 'anyOf':
      case 'oneOf':
        return Array.isArray(value) ? this.#group(keyword, value) : [];
      default:
        return [];
    }
  }

  #properties(properties: Keywords): Keywords {
    const members = Object.entries(properties).map(([name, schema]) => {
      const read = schema === false ? false : this.#schema(schema);
      return [name === 'hasOwnProperty' ? STAND_IN : name, read] as const;
    });
    return Object.fromEntries(members);
  }

  /** Of `allOf`, the schemas that have a shape; of a union all or, where one could be anything, none. */
  #group(keyword: string, schemas: readonly unknown[]): readonly (readonly [string, unknown])[] {
    const read = schemas.filter((schema) => schema !== false).map((schema) => this.#schema(schema));
    const shaped = read.filter(hasShape);
    const isOpen = keyword !== 'allOf' && shaped.length < read.length;
    return shaped.length === 0 || isOpen ? [] : [[keyword, shaped]];
  }

  #reference(reference: string): readonly (readonly [string, unknown])[] {
    if (reference === '#') return [['$ref', '#']];
    const tokens = referenceTokens(reference) ?? [];
    const target = valueAt(this.#root, tokens);
    return isObject(target) ? [['$ref', `#/$defs/${this.#nameOf(reference, tokens.at(-1) ?? '', target)}`]] : [];
  }

  /** A name of its own for each target, which the result's schema cannot have, too. */
  #nameOf(reference: string, token: string, target: unknown): string {
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    const base = `${this.#type}-${token.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
    let name = base;
    for (let count = 2; this.#targets.has(name); count += 1) name = `${base}-${count}`;
    this.#names.set(reference, name);
    this.#targets.set(name, target);
    return name;
  }
}

function hasShape(schema: Keywords): boolean {
  return Object.keys(schema).some((keyword) => SHAPE.has(keyword));
}

function isReferenceOnly(schema: Keywords): schema is Keywords & { readonly $ref: string } {
  return typeof schema['$ref'] === 'string' && Object.keys(schema).filter((keyword) => SHAPE.has(keyword)).length === 1;
}

function isComplex(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Members by pattern are members by any name: a type has no patterns. */
function withoutPatterns(schema: Keywords): Keywords {
  const { patternProperties, ...rest } = schema;
  if (!isObject(patternProperties)) return schema;
  const others = rest['additionalProperties'] ?? true;
  const all = [...Object.values(patternProperties), ...(others === false ? [] : [others])];
  return { ...rest, additionalProperties: all.length === 1 ? all[0] : { anyOf: all } };
}

/** A list of any of its items: a tuple type would demand all of them, which the schema need not. */
function withoutTuple(schema: Keywords): Keywords {
  const { prefixItems, items, additionalItems, ...rest } = schema;
  const [fixed, others] = Array.isArray(items) ? [items, additionalItems] : [prefixItems, items];
  if (!Array.isArray(fixed)) return schema;
  return { ...rest, items: { anyOf: [...fixed, ...(others === false ? [] : [others ?? true])] } };
}

/** One comment, whatever the text holds. */
function commentText(text: string): string {
  return text.replaceAll('*/', '*\\/').replaceAll(/[\r\u2028\u2029]/g, ' ');
}
