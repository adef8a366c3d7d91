import { finding, type Finding } from '../finding.ts';
import { referenceTokens, rootSchemas, subschemas, type PlacedSchema } from '../json-schema.ts';
import { isObject, valueAt } from '../pointer.ts';
import type { Manifest } from '../schema.ts';
import { suggestion } from '../suggest.ts';

const KEYWORDS = ['$ref', '$dynamicRef', '$recursiveRef'] as const;

/** References that leave their schema, or lead nowhere in it. */
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
    if (resolves(ref, resource, all)) return [];
    return [
      finding('schema-ref-unresolved', `${pointer}/${keyword}`, { ref, ...suggestion(ref, definitions(resource)) }),
    ];
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

function definitions(resource: PlacedSchema | undefined): string[] {
  return ['$defs', 'definitions'].flatMap((keyword) => {
    const named = valueAt(resource?.schema, [keyword]);
    return isObject(named) ? Object.keys(named).map((name) => `#/${keyword}/${name}`) : [];
  });
}
