/** Makes every reference of a document a JSON Pointer from its root, so that each reader resolves it alike. */
import { dialectOf } from '../../manifest/dialect.ts';
import { referenceTokens, type JsonSchema } from '../../manifest/json-schema.ts';
import { isObject, member, tokensOf } from '../../manifest/pointer.ts';

type Keywords = Readonly<Record<string, unknown>>;

/** Keywords whose values are no schemas, and those whose values are schemas by name. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'required']);
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);

/**
 * The same document without `$id`s below its root, which would change what a reference starts from, and without
 * anchors that change what one means: those that are dynamic, and those that without the `$id`s are not alone in
 * having their name. A dynamic reference becomes a plain one, to the anchor that is meant where nothing overrides it.
 */
export function withPlainReferences(root: JsonSchema): JsonSchema {
  if (!isObject(root)) return root;
  const anchors = new Map<string, string[]>();
  walk(root, '', (schema, pointer, resource) => {
    for (const name of anchorsOf(schema)) {
      // A schema with an id has names of its own; one that only it has may be meant from outside, too.
      for (const key of [name, resource + name]) anchors.set(key, [...(anchors.get(key) ?? []), pointer]);
    }
    return schema;
  });
  const keptAnchors = dialectOf(root) === '2020-12' ? namesOfOne(anchors) : new Set<string>();
  return walk(root, '', (schema, pointer, resource) => rewrite(schema, { pointer, resource, anchors, keptAnchors }));
}

interface Place {
  readonly pointer: string;
  /** Pointer of the schema that references start from. */
  readonly resource: string;
  readonly anchors: ReadonlyMap<string, readonly string[]>;
  /** Names that one schema has, and no other. */
  readonly keptAnchors: ReadonlySet<string>;
}

function rewrite(schema: Keywords, { pointer, resource, anchors, keptAnchors }: Place): Keywords {
  const members = Object.entries(schema).flatMap(([keyword, value]) => {
    if (keyword === '$dynamicAnchor' || (keyword === '$id' && pointer !== '')) return [];
    if (keyword === '$anchor' && !keptAnchors.has(String(value))) return [];
    const isReference = keyword === '$ref' || (keyword === '$dynamicRef' && !('$ref' in schema));
    const target = isReference && typeof value === 'string' ? targetOf(value, resource, anchors) : undefined;
    return [target === undefined ? ([keyword, value] as const) : (['$ref', target] as const)];
  });
  return Object.fromEntries(members);
}

function namesOfOne(anchors: Place['anchors']): ReadonlySet<string> {
  const alone = [...anchors].filter(([, pointers]) => new Set(pointers).size === 1);
  return new Set(alone.map(([name]) => name.replace(/^#/, '')));
}

function targetOf(reference: string, resource: string, anchors: Place['anchors']): string | undefined {
  const tokens = referenceTokens(reference);
  if (tokens !== undefined) return resource === '' ? reference : fragment(member(resource, ...tokens));
  const [pointer] = anchors.get(resource + reference) ?? anchors.get(reference) ?? [];
  return pointer === undefined ? undefined : fragment(pointer);
}

/** A pointer as the fragment of a URI. */
function fragment(pointer: string): string {
  return `#${tokensOf(pointer)
    .map((token) => encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1')))
    .map((token) => `/${token.replaceAll('%24', '$')}`)
    .join('')}`;
}

/** As references name them; an `$id` that is only a fragment is draft-07's anchor. */
function anchorsOf({ $anchor, $dynamicAnchor, $id }: Keywords): readonly string[] {
  const named = [$anchor, $dynamicAnchor].filter((name) => typeof name === 'string').map((name) => `#${name}`);
  return typeof $id === 'string' && $id.startsWith('#') ? [...named, $id] : named;
}

type Change = (schema: Keywords, pointer: string, resource: string) => Keywords;

/** Every schema changed, outermost first. */
function walk(schema: Keywords, pointer: string, change: Change, outer = ''): Keywords {
  const { $id } = schema;
  const resource = typeof $id === 'string' && !$id.startsWith('#') ? pointer : outer;
  const visit = (value: unknown, at: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => visit(item, member(at, index)));
    return isObject(value) ? walk(value, at, change, resource) : value;
  };
  const members = Object.entries(change(schema, pointer, resource)).map(([keyword, value]) => {
    const at = member(pointer, keyword);
    if (DATA.has(keyword)) return [keyword, value] as const;
    if (!NAMED.has(keyword) || !isObject(value)) return [keyword, visit(value, at)] as const;
    const named = Object.entries(value).map(([name, item]) => [name, visit(item, member(at, name))] as const);
    return [keyword, Object.fromEntries(named)] as const;
  });
  return Object.fromEntries(members);
}
