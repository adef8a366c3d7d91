/** Arguments marked `x-sensitive: true`: audit shows them hashed, and no refusal repeats them. */
import { isObject, member } from '../manifest/pointer.ts';
import { Composition, type Keywords } from './hardening/composition.ts';
import type { JsonObject } from './project.ts';

/** JSON Pointers into the arguments, `*` standing for every item of a list or member of a map. */
export function findSensitive(schema: JsonObject): readonly string[] {
  const search = new Search(schema);
  search.collect(schema, '', []);
  return [...search.found];
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
  readonly #composition: Composition;

  constructor(root: JsonObject) {
    this.#composition = new Composition(root);
  }

  /** `around`: the references that lead here, because a schema may refer to one that it is in. */
  collect(schema: unknown, pointer: string, around: readonly Keywords[]): void {
    if (Array.isArray(schema)) {
      for (const one of schema) this.collect(one, pointer, around);
      return;
    }
    if (!isObject(schema)) return;
    if (schema['x-sensitive'] === true && pointer !== '') this.found.add(pointer);
    const target = this.#composition.target(schema);
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

  #isSensitive(schema: Keywords): boolean {
    return [...this.#composition.reach([schema])].some((one) => one['x-sensitive'] === true);
  }
}

function membersOf(value: unknown): readonly (readonly [name: string, schema: unknown])[] {
  return isObject(value) ? Object.entries(value) : [];
}
