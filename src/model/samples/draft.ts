/** Builds values for a schema. Whether one is accepted is the validator's to say: see `search.ts`. */
import { isObject, member } from '../../manifest/pointer.ts';
import { Composition, type Keywords } from '../hardening/composition.ts';
import type { Json, JsonObject } from '../project.ts';
import { overlay } from './merge.ts';
import { numberCandidates } from './numbers.ts';
import {
  conditionalParts,
  givenValues,
  isListed,
  typesFor,
  isMap,
  nullLast,
  restSchema,
  namesFor,
  schemasOf,
  schemasOrBooleans,
  stringsOf,
} from './offers.ts';
import { stringCandidates } from './strings.ts';

/** How much of an object is filled in: every declared property, or only what is required. */
export type Fullness = 'full' | 'required';

export interface DraftPlan {
  readonly fullness: Fullness;
  /** Which of its options every part of the value takes. */
  readonly choice: number;
  /** How many options further the part at a JSON Pointer goes. */
  readonly picks: ReadonlyMap<string, number>;
  /** Members by JSON Pointer that are filled in, or left out, whatever else is said of them. */
  readonly included: ReadonlySet<string>;
  readonly omitted: ReadonlySet<string>;
}

export interface Draft {
  readonly value: Json;
  /** How many options there are at each JSON Pointer. */
  readonly options: ReadonlyMap<string, number>;
  /** Members that need not be there. */
  readonly optional: ReadonlySet<string>;
}

export function buildDraft(root: JsonObject, plan: DraftPlan): Draft {
  const builder = new DraftBuilder(root, plan);
  const value = builder.value(root, { pointer: '', depth: 0, offset: 0 });
  return { value, options: builder.options, optional: builder.optional };
}

interface Place {
  readonly pointer: string;
  readonly depth: number;
  /** Position among items that should differ. */
  readonly offset: number;
}

type Option = () => Json;

/** Below this, only what is required is filled in; below that, nothing is. */
const DEEPEST = 6;
const DEEPEST_REQUIRED = 40;
/** The most ways in which the alternatives of one schema are combined. */
const MOST_VARIANTS = 12;

class DraftBuilder {
  readonly options = new Map<string, number>();
  readonly optional = new Set<string>();
  readonly #composition: Composition;
  readonly #plan: DraftPlan;

  constructor(root: JsonObject, plan: DraftPlan) {
    this.#composition = new Composition(root);
    this.#plan = plan;
  }

  value(schema: unknown, place: Place): Json {
    if (!isObject(schema)) return 'text';
    const options = this.#optionsFor(schema, place);
    this.options.set(place.pointer, options.length);
    // Deep down another option is taken, because the first may lead deeper for ever.
    const deeper = place.depth > DEEPEST ? place.depth : 0;
    const index = this.#plan.choice + place.offset + deeper + (this.#plan.picks.get(place.pointer) ?? 0);
    return options[index % options.length]?.() ?? null;
  }

  #optionsFor(schema: Keywords, place: Place): readonly Option[] {
    const given = givenValues(schema).map(
      (value): Option =>
        () =>
          value,
    );
    if (isListed(schema)) return given;
    if (place.depth > DEEPEST_REQUIRED) return [() => null];
    const built = this.#variants(schema).flatMap((variant) => this.#typedOptions(variant, place));
    return [...given, ...built];
  }

  /** The schema with one alternative of each union, and all of `allOf`, laid over it: one for each choice. */
  #variants(schema: Keywords, around: readonly Keywords[] = []): readonly Keywords[] {
    if (around.includes(schema)) return [schema];
    const inside = (part: Keywords): readonly Keywords[] => this.#variants(part, [...around, schema]);
    const target = this.#composition.target(schema);
    const always = [...(target === undefined ? [] : [target]), ...schemasOf(schema['allOf'])].map(inside);
    const unions = ['anyOf', 'oneOf'].map((keyword) => nullLast(schemasOf(schema[keyword])).flatMap(inside));
    const variants = [...always, ...unions].filter((group) => group.length > 0).reduce(combine, [schema]);
    const branches = conditionalParts(schema).map((parts) => parts.map(inside).reduce(combine, variants));
    return [variants, ...branches].flat().slice(0, MOST_VARIANTS);
  }

  #typedOptions(schema: Keywords, place: Place): readonly Option[] {
    if (isListed(schema)) return givenValues(schema).map((value) => () => value);
    return typesFor(schema).flatMap((type): readonly Option[] => {
      switch (type) {
        case 'object':
          return (this.#plan.fullness === 'full' ? (['full', 'required'] as const) : (['required'] as const)).map(
            (fullness) => () => this.#object(schema, place, fullness),
          );
        case 'array':
          return [() => this.#array(schema, place)];
        case 'boolean':
          return [() => true, () => false];
        case 'null':
          return [() => null];
        case 'integer':
        case 'number':
          return numberCandidates(schema, type).map((value) => () => value);
        default:
          return [...new Set(stringCandidates(schema))].map((text) => () => text);
      }
    });
  }

  #object(schema: Keywords, place: Place, fullness: Fullness): Json {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    const required = new Set(stringsOf(schema['required']));
    const declared = Object.keys(properties).filter((name) => properties[name] !== false);
    const isFull = fullness === 'full' && place.depth < DEEPEST;
    const names = [...declared, ...[...required].filter((name) => !Object.hasOwn(properties, name))];
    const wanted = names.filter((name) => required.has(name) || this.#isWanted(member(place.pointer, name), isFull));
    const spare = declared.filter((name) => !wanted.includes(name) && !this.#isOmitted(member(place.pointer, name)));
    const least = Math.max(
      this.#least(schema, 'minProperties'),
      isFull && declared.length === 0 && isMap(schema) ? 1 : 0,
    );
    const filled = [...wanted, ...spare.slice(0, Math.max(0, least - wanted.length))];
    for (const name of filled) if (!required.has(name)) this.optional.add(member(place.pointer, name));
    const members = filled.map((name) => {
      const child = Object.hasOwn(properties, name) ? properties[name] : restSchema(schema);
      return [name, this.value(child, inner(place, name))] as const;
    });
    return Object.fromEntries([...members, ...this.#extraMembers(schema, place, least - filled.length)]);
  }

  #isWanted(pointer: string, isFull: boolean): boolean {
    return this.#plan.included.has(pointer) || (isFull && !this.#plan.omitted.has(pointer));
  }

  #isOmitted(pointer: string): boolean {
    return this.#plan.omitted.has(pointer);
  }

  /** Members that only a map has, with names that it lets in. */
  #extraMembers(schema: Keywords, place: Place, count: number): readonly (readonly [string, Json])[] {
    const [pattern] = isObject(schema['patternProperties']) ? Object.entries(schema['patternProperties']) : [];
    if (count <= 0 || (pattern === undefined && schema['additionalProperties'] === false)) return [];
    const named = isObject(schema['propertyNames']) ? schema['propertyNames'] : {};
    const rule = pattern === undefined ? named : { ...named, pattern: pattern[0] };
    const [base = 'key', ...others] = 'pattern' in rule || 'enum' in rule ? namesFor(rule) : [];
    const names = [
      ...new Set([base, ...others, ...Array.from({ length: count }, (_, index) => `${base}${index + 2}`)]),
    ];
    const child = pattern === undefined ? restSchema(schema) : pattern[1];
    return names.slice(0, count).map((name) => [name, this.value(child, inner(place, name))] as const);
  }

  #array(schema: Keywords, place: Place): Json {
    const prefix = schemasOrBooleans(schema['prefixItems'] ?? schema['items']);
    const rest =
      'prefixItems' in schema || !Array.isArray(schema['items']) ? schema['items'] : schema['additionalItems'];
    const contained = isObject(schema['contains']) ? Math.max(1, this.#least(schema, 'minContains', 1)) : 0;
    const least = Math.max(this.#least(schema, 'minItems'), contained);
    const isFull = this.#plan.fullness === 'full' && place.depth < DEEPEST && schema['maxItems'] !== 0;
    const wanted =
      rest === false ? Math.max(prefix.length, least) : Math.max(least, Math.min(prefix.length, 10), isFull ? 1 : 0);
    const items: Json[] = [];
    for (let index = 0; index < wanted; index += 1) {
      const own = prefix[index] ?? rest;
      const child =
        index < contained && isObject(schema['contains']) ? overlay(isObject(own) ? own : {}, schema['contains']) : own;
      const offset = schema['uniqueItems'] === true ? index : 0;
      const item = this.value(child, { ...inner(place, String(index)), offset });
      items.push(offset > 0 && items.some((other) => isSame(other, item)) ? vary(item, index) : item);
    }
    return items;
  }

  /** A lower bound, within what a test should build. */
  #least(schema: Keywords, keyword: string, otherwise = 0): number {
    const bound = schema[keyword];
    return typeof bound === 'number' ? Math.min(bound, 10_000) : otherwise;
  }
}

function inner(place: Place, name: string): Place {
  return { pointer: member(place.pointer, name), depth: place.depth + 1, offset: 0 };
}

/** Each of the first with each of the second laid over it. */
function combine(schemas: readonly Keywords[], parts: readonly Keywords[]): readonly Keywords[] {
  return parts.flatMap((part) => schemas.map((schema) => overlay(schema, part))).slice(0, MOST_VARIANTS);
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Another value of the same kind, for lists whose items must differ. */
function vary(value: Json, index: number): Json {
  if (typeof value === 'number') return value + index;
  if (typeof value === 'string') return `${value}${index}`;
  if (!isObject(value)) return value;
  const members = Object.entries(value as JsonObject);
  const at = members.findIndex(([, item]) => typeof item === 'string' || typeof item === 'number');
  return Object.fromEntries(members.map(([name, item], place) => [name, place === at ? vary(item, index) : item]));
}
