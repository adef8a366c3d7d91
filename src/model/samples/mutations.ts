/** Changes to accepted arguments, each meant to break one rule of the schema. */
import { isObject, member } from '../../manifest/pointer.ts';
import { typesOf } from '../hardening/caps.ts';
import type { Composition, Keywords } from '../hardening/composition.ts';
import type { Json, JsonObject } from '../project.ts';
import { LONGEST_TEXT } from './strings.ts';

export interface Mutation {
  /** Reads as a sentence, after "refuses": `invoice_id that is missing`. */
  readonly title: string;
  /** Where the value goes; the members on the way to it. */
  readonly path: readonly string[];
  /** The value that goes there; absent: what is there is removed. */
  readonly value?: Json;
  /** JSON Pointer and keyword that the refusal must name. */
  readonly field: string;
  readonly rule: string;
}

/** One item too many is printed as a repetition, but no test should build more than this. */
const MOST_ITEMS = 2_000;

interface Place {
  readonly path: readonly string[];
  readonly composition: Composition;
  /** Schemas of the same value that lead here. */
  readonly around?: readonly Keywords[];
}

/** Mutations of a value and of what is inside it, outermost first. Not every one breaks the rule that it means to. */
export function* mutationsOf(schema: unknown, value: Json | undefined, at: Place): Generator<Mutation> {
  const { path, composition, around = [] } = at;
  if (!isObject(schema) || value === undefined || around.includes(schema)) return;
  const here = { path, composition, around: [...around, schema] };
  const whole = composition.target(schema);
  if (whole !== undefined) yield* mutationsOf(whole, value, here);
  if (path.length > 0) yield* valueMutations(schema, value, path);
  if (isObject(value)) yield* memberMutations(schema, value as Readonly<Record<string, Json>>, at);
  if (Array.isArray(value)) yield* itemMutations(schema, value as readonly Json[], at);
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => schemasOf(schema[keyword]));
  for (const part of [...parts, schema['then'], schema['else']]) yield* mutationsOf(part, value, here);
}

/** Of the first items, which stand for all. */
function* itemMutations(schema: Keywords, items: readonly Json[], { path, composition }: Place): Generator<Mutation> {
  const prefix = schemasOf(schema['prefixItems'] ?? schema['items']);
  for (const [index, item] of items.slice(0, Math.max(1, prefix.length)).entries()) {
    const child = prefix[index] ?? schema['items'];
    yield* mutationsOf(child, item, { path: [...path, String(index)], composition });
  }
}

type Members = Readonly<Record<string, Json>>;

function* memberMutations(schema: Keywords, value: Members, { path, composition }: Place): Generator<Mutation> {
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  for (const name of required) {
    const inner = [...path, name];
    yield { title: `${nameOf(inner)} that is missing`, path: inner, field: member('', ...inner), rule: 'required' };
  }
  yield* extraMembers(schema, path);
  yield* missingDependants(schema, path);
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) continue;
    yield* mutationsOf(property, value[name], { path: [...path, name], composition });
  }
  const other = Object.keys(value).find((name) => !Object.hasOwn(properties, name));
  if (other === undefined) return;
  const byPattern = isObject(schema['patternProperties']) ? Object.values(schema['patternProperties']) : [];
  for (const child of [...byPattern, schema['additionalProperties']]) {
    yield* mutationsOf(child, value[other], { path: [...path, other], composition });
  }
}

function* extraMembers(schema: Keywords, path: readonly string[]): Generator<Mutation> {
  const where = path.length === 0 ? 'the arguments' : nameOf(path);
  const extra = [...path, 'unexpected_property'];
  for (const rule of ['additionalProperties', 'unevaluatedProperties']) {
    if (schema[rule] !== false) continue;
    const title = `a property that ${where} do not have`;
    yield { title, path: extra, value: true, field: member('', ...extra), rule };
  }
  if (!isObject(schema['propertyNames'])) return;
  for (const name of ['!', '0', 'A', 'x'.repeat(100)]) {
    const wrong = [...path, name];
    const title = `a property name that ${where} may not have`;
    yield { title, path: wrong, value: true, field: member('', ...wrong), rule: 'propertyNames' };
  }
}

function* missingDependants(schema: Keywords, path: readonly string[]): Generator<Mutation> {
  for (const rule of ['dependentRequired', 'dependencies']) {
    const dependants = isObject(schema[rule]) ? Object.values(schema[rule]).flat() : [];
    for (const name of dependants.filter((one) => typeof one === 'string')) {
      const inner = [...path, name];
      const title = `${nameOf(inner)} that is missing beside what needs it`;
      yield { title, path: inner, field: member('', ...inner), rule };
    }
  }
}

function schemasOf(value: unknown): readonly Keywords[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function* valueMutations(schema: Keywords, value: Json, path: readonly string[]): Generator<Mutation> {
  const name = nameOf(path);
  const field = member('', ...path);
  for (const [rule, wrong, what] of wrongValues(schema, value)) {
    // Beyond the largest number there is none that JSON could hold.
    if (typeof wrong === 'number' && !Number.isFinite(wrong)) continue;
    yield { title: `${name} ${what}`, path, value: wrong, field, rule };
  }
}

type WrongValue = readonly [rule: string, value: Json, what: string];

function* wrongValues(schema: Keywords, value: Json): Generator<WrongValue> {
  const limit = (keyword: string): number | undefined => {
    const bound = schema[keyword];
    return typeof bound === 'number' ? bound : undefined;
  };
  if ('type' in schema) yield ['type', otherType(schema), 'of another type'];
  if ('enum' in schema) yield ['enum', 'not one of the listed', 'that is not listed'];
  if ('const' in schema) yield ['const', 'not the constant', 'other than the constant'];
  const minimum = limit('minimum');
  if (minimum !== undefined) yield ['minimum', below(minimum), 'below the minimum'];
  const maximum = limit('maximum');
  if (maximum !== undefined) yield ['maximum', above(maximum), 'above the maximum'];
  const over = limit('exclusiveMinimum');
  if (over !== undefined) yield ['exclusiveMinimum', over, 'at the exclusive minimum'];
  const under = limit('exclusiveMaximum');
  if (under !== undefined) yield ['exclusiveMaximum', under, 'at the exclusive maximum'];
  const step = limit('multipleOf');
  if (step !== undefined && typeof value === 'number') yield ['multipleOf', value + step / 2, 'between two multiples'];
  yield* wrongTexts(schema, limit);
  const fewest = limit('minProperties');
  if (isObject(value) && fewest !== undefined && fewest > 0) {
    const members = Object.entries(value as JsonObject);
    yield ['minProperties', Object.fromEntries(members.slice(0, fewest - 1)), 'with too few members'];
  }
  if (Array.isArray(value)) yield* wrongLists(schema, value as readonly Json[], limit);
}

type Limit = (keyword: string) => number | undefined;

function* wrongTexts(schema: Keywords, limit: Limit): Generator<WrongValue> {
  const shortest = limit('minLength');
  if (shortest !== undefined && shortest > 0 && shortest <= LONGEST_TEXT)
    yield ['minLength', 'x'.repeat(shortest - 1), 'that is too short'];
  const longest = limit('maxLength');
  if (longest !== undefined && longest < LONGEST_TEXT) yield ['maxLength', 'x'.repeat(longest + 1), 'that is too long'];
  if (typeof schema['pattern'] === 'string') {
    for (const text of ['!', ' ', 'zzz', '\n', '0', '']) yield ['pattern', text, 'that does not match the pattern'];
  }
  if (typeof schema['format'] === 'string') yield ['format', '?', `that is no ${schema['format']}`];
}

function* wrongLists(schema: Keywords, value: readonly Json[], limit: Limit): Generator<WrongValue> {
  const [first = 'x'] = value;
  const fewest = limit('minItems');
  if (fewest !== undefined && fewest > 0) yield ['minItems', value.slice(0, fewest - 1), 'with too few items'];
  const most = limit('maxItems');
  if (most !== undefined && most < MOST_ITEMS) {
    yield ['maxItems', Array.from({ length: most + 1 }, () => first), 'with too many items'];
  }
  if (schema['uniqueItems'] === true) yield ['uniqueItems', [first, first], 'with the same item twice'];
}

/** The next number beyond a bound; beyond 2^53 neighbours are further apart than one. */
const below = (bound: number): number => (bound - 1 < bound ? bound - 1 : bound - Math.abs(bound));
const above = (bound: number): number => (bound + 1 > bound ? bound + 1 : bound + Math.abs(bound));

function otherType(schema: Keywords): Json {
  const types = typesOf(schema);
  const isNumber = types.has('number') || types.has('integer');
  if (!types.has('string')) return 'text';
  if (!isNumber) return 12_345;
  return types.has('boolean') ? [] : true;
}

const nameOf = (path: readonly string[]): string => path.join('.');
