import { finding, type Finding } from '../finding.ts';
import { referenceTokens, rootSchemas, subschemas, type PlacedSchema } from '../json-schema.ts';
import { isObject, member, valueAt } from '../pointer.ts';
import type { Manifest } from '../schema.ts';
import { suggestion } from '../suggest.ts';

const KEYWORDS = ['$ref', '$dynamicRef', '$recursiveRef'] as const;

/** References that leave their schema, or lead nowhere in it: to nothing, or back to themselves. */
export function findBadReferences(manifest: Manifest): Finding[] {
  return rootSchemas(manifest).flatMap((root) => {
    const all = subschemas(root);
    return all.flatMap((place) => checkReferences(place, all));
  });
}

function checkReferences(place: PlacedSchema, all: readonly PlacedSchema[]): Finding[] {
  const { schema, pointer } = place;
  if (typeof schema === 'boolean') return [];
  return KEYWORDS.flatMap((keyword): Finding[] => {
    const ref = schema[keyword];
    if (typeof ref !== 'string') return [];
    if (!ref.startsWith('#')) return [finding('schema-ref-external', `${pointer}/${keyword}`, { ref })];
    const resource = resourceOf(place, all);
    const exists = resolves(ref, resource, all);
    if (exists && !(keyword === '$ref' && returns(place, all))) return [];
    const hint = exists ? {} : suggestion(ref, definitions(resource));
    return [finding('schema-ref-unresolved', `${pointer}/${keyword}`, { ref, ...hint })];
  });
}

/** The innermost schema around a place that has an `$id` of its own, which references start from. */
function resourceOf({ pointer }: PlacedSchema, all: readonly PlacedSchema[]): PlacedSchema | undefined {
  const around = all.filter(
    ({ schema, pointer: outer }, index) =>
      (pointer === outer || pointer.startsWith(`${outer}/`)) &&
      (index === 0 || (typeof schema === 'object' && typeof schema.$id === 'string' && !schema.$id.startsWith('#'))),
  );
  return around.at(-1);
}

function resolves(ref: string, resource: PlacedSchema | undefined, all: readonly PlacedSchema[]): boolean {
  if (resource === undefined) return false;
  const tokens = referenceTokens(ref);
  if (tokens !== undefined) return valueAt(resource.schema, tokens) !== undefined;
  const name = ref.slice(1);
  return all.some(
    ({ schema }) =>
      typeof schema === 'object' && (schema.$anchor === name || schema.$dynamicAnchor === name || schema.$id === ref),
  );
}

const BESIDE = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'] as const;

/** Whether checking a value leads back to this place with the same value: nothing ever decides about it. */
function returns(place: PlacedSchema, all: readonly PlacedSchema[]): boolean {
  const byPointer = new Map(all.map((one) => [one.pointer, one]));
  const seen = new Set<string>();
  const open = [place];
  for (const current of open) {
    for (const next of schemasBeside(current, all, byPointer)) {
      if (next.pointer === place.pointer) return true;
      if (!seen.has(next.pointer)) open.push(next);
      seen.add(next.pointer);
    }
  }
  return false;
}

/** The schemas that a value of this one is checked against as well. */
function schemasBeside(
  { schema, pointer }: PlacedSchema,
  all: readonly PlacedSchema[],
  byPointer: ReadonlyMap<string, PlacedSchema>,
): PlacedSchema[] {
  if (typeof schema === 'boolean') return [];
  return BESIDE.flatMap((keyword) => {
    const value = schema[keyword];
    if (Array.isArray(value)) return value.map((_, index) => member(pointer, keyword, index));
    if (typeof value !== 'string') return [member(pointer, keyword)];
    const tokens = referenceTokens(value);
    const root = resourceOf({ schema, pointer }, all)?.pointer;
    return tokens === undefined || root === undefined ? [] : [member(root, ...tokens)];
  }).flatMap((next) => byPointer.get(next) ?? []);
}

function definitions(resource: PlacedSchema | undefined): string[] {
  return ['$defs', 'definitions'].flatMap((keyword) => {
    const named = valueAt(resource?.schema, [keyword]);
    return isObject(named) ? Object.keys(named).map((name) => `#/${keyword}/${name}`) : [];
  });
}
