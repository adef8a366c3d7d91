/** Arguments marked `x-sensitive: true`: audit shows them hashed, and no refusal repeats them. */
import { referenceTokens, subschemas, type JsonSchema } from './json-schema.ts';
import { isObject, member, tokensOf, valueAt } from './pointer.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** JSON Pointers into the arguments, `*` standing for every item of a list or member of a map. */
export function findSensitive(schema: JsonSchema): readonly string[] {
  const search = new Search(schema);
  search.collect(schema, '', []);
  return [...search.found];
}

/** Whether the value at a JSON Pointer is sensitive, is in one that is, or has one in it. `sensitive`: as `findSensitive` says. */
export function showsSensitive(pointer: string, sensitive: readonly string[]): boolean {
  const shown = tokensOf(pointer);
  return sensitive.some((one) => {
    const tokens = tokensOf(one).slice(0, shown.length);
    return tokens.every((token, index) => token === '*' || token === shown[index]);
  });
}

/** Subschemas of items and members whose place is not known by name. */
const ANY_PLACE = [
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'contains',
  'additionalProperties',
  'unevaluatedProperties',
];
const SAME_PLACE = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'];

class Search {
  readonly found = new Set<string>();
  readonly #root: JsonSchema;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  /** `around`: the references that lead here, because a schema may refer to one that it is in. */
  collect(schema: unknown, pointer: string, around: readonly Keywords[]): void {
    if (Array.isArray(schema)) {
      for (const one of schema) this.collect(one, pointer, around);
      return;
    }
    if (!isObject(schema)) return;
    if (schema['x-sensitive'] === true && pointer !== '') this.found.add(pointer);
    const target = this.#target(schema);
    if (target !== undefined) this.#follow(target, pointer, around);
    for (const [name, property] of membersOf(schema['properties'])) {
      this.collect(property, member(pointer, name), around);
    }
    const byPattern = membersOf(schema['patternProperties']).map(([, property]) => property);
    this.collect([...byPattern, ...ANY_PLACE.map((keyword) => schema[keyword])].flat(), `${pointer}/*`, around);
    const dependent = ['dependentSchemas', 'dependencies'].flatMap((keyword) => membersOf(schema[keyword]));
    const parts = [...SAME_PLACE.map((keyword) => schema[keyword]), ...dependent.map(([, part]) => part)];
    this.collect(parts.flat(), pointer, around);
  }

  /** What repeats without end is sensitive as a whole, if anything in it is. */
  #follow(target: Keywords, pointer: string, around: readonly Keywords[]): void {
    if (!around.includes(target)) this.collect(target, pointer, [...around, target]);
    else if (pointer !== '' && this.#isSensitive(target)) this.found.add(pointer);
  }

  #isSensitive(start: Keywords): boolean {
    const found = new Set<JsonSchema>([start]);
    // The set grows while it is walked.
    for (const one of found) {
      for (const { schema } of subschemas({ schema: one, pointer: '' })) {
        if (!isObject(schema)) continue;
        if (schema['x-sensitive'] === true) return true;
        const target = this.#target(schema);
        if (target !== undefined) found.add(target);
      }
    }
    return false;
  }

  /** The schema that a `$ref` stands for. */
  #target({ $ref }: Keywords): Keywords | undefined {
    if (typeof $ref !== 'string') return undefined;
    const tokens = referenceTokens($ref);
    const found = tokens === undefined ? this.#named($ref) : valueAt(this.#root, tokens);
    return isObject(found) ? found : undefined;
  }

  #named(reference: string): JsonSchema | undefined {
    const all = subschemas({ schema: this.#root, pointer: '' }).map(({ schema }) => schema);
    return all.find((schema) => isObject(schema) && `#${String(schema['$anchor'])}` === reference);
  }
}

function membersOf(value: unknown): readonly (readonly [name: string, schema: unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}
