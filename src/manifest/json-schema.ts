/** JSON Schemas inside a manifest: where they are, and what their subschemas are. */
import { isObject, member, tokensOf } from './pointer.ts';
import type { Manifest, ManifestErrorMapping, ManifestTool } from './schema.ts';

export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

/** A schema with its place in the manifest. */
export interface PlacedSchema {
  readonly schema: JsonSchema;
  readonly pointer: string;
  /** It describes the same value as the schema around it, or is only there to be referred to. */
  readonly isPart?: boolean;
}

/** A whole schema, by what it is for. `input` and `output` are closed where they do not say otherwise. */
export interface RootSchema extends PlacedSchema {
  readonly use: 'input' | 'output' | 'condition';
}

/** Every schema of the manifest. */
export function rootSchemas(manifest: Manifest): RootSchema[] {
  const upstreams = Object.entries(manifest.upstreams ?? {});
  return [
    ...upstreams.flatMap(([name, { errors }]) => errorConditions(errors, member('/upstreams', name, 'errors'))),
    ...manifest.tools.flatMap((tool, index) => toolSchemas(tool, member('/tools', index))),
  ];
}

function toolSchemas(tool: ManifestTool, pointer: string): RootSchema[] {
  const { approval, idempotency, preconditions = [] } = tool;
  const required = preconditions.flatMap(({ require }, index) =>
    require.map((condition, position) => ({
      schema: 'schema' in condition ? condition.schema : undefined,
      pointer: member(pointer, 'preconditions', index, 'require', position, 'schema'),
    })),
  );
  return [
    { schema: tool.inputSchema, pointer: `${pointer}/inputSchema`, use: 'input' },
    ...(tool.outputSchema
      ? [{ schema: tool.outputSchema, pointer: `${pointer}/outputSchema`, use: 'output' as const }]
      : []),
    ...conditions([
      { schema: approval !== 'none' ? approval?.when : undefined, pointer: `${pointer}/approval/when` },
      { schema: idempotency?.lookup?.found, pointer: `${pointer}/idempotency/lookup/found` },
      ...required,
    ]),
    ...errorConditions(tool.errors, `${pointer}/errors`),
  ];
}

function errorConditions(errors: readonly ManifestErrorMapping[] = [], pointer: string): RootSchema[] {
  return conditions(
    errors.map(({ when }, index) => ({ schema: when?.body, pointer: member(pointer, index, 'when', 'body') })),
  );
}

function conditions(
  placed: readonly { readonly schema: JsonSchema | undefined; readonly pointer: string }[],
): RootSchema[] {
  return placed.flatMap(({ schema, pointer }) =>
    schema === undefined ? [] : [{ schema, pointer, use: 'condition' as const }],
  );
}

/** Keywords whose value is a schema, a list of schemas, or schemas by name. */
const ONE = new Set(
  'items additionalItems unevaluatedItems contains additionalProperties unevaluatedProperties propertyNames not if then else contentSchema'.split(
    ' ',
  ),
);
const MANY = new Set('allOf anyOf oneOf prefixItems items'.split(' '));
const NAMED = new Set('properties patternProperties $defs definitions dependentSchemas dependencies'.split(' '));

const PARTS = new Set('allOf anyOf oneOf if then else not $defs definitions dependentSchemas dependencies'.split(' '));

/** A schema and everything below it, outermost first. Values of `const`, `enum` and `default` are no schemas. */
export function subschemas(root: PlacedSchema): PlacedSchema[] {
  const found = [root];
  // The list grows while it is walked.
  for (const { schema, pointer } of found) {
    if (typeof schema === 'boolean') continue;
    for (const [keyword, value] of Object.entries(schema)) {
      const isPart = PARTS.has(keyword);
      for (const [path, child] of children(keyword, value)) {
        if (isSchema(child)) found.push({ schema: child, pointer: member(pointer, ...path), isPart });
      }
    }
  }
  return found;
}

type Child = readonly [path: readonly (string | number)[], child: unknown];

function children(keyword: string, value: unknown): Child[] {
  if (Array.isArray(value)) return MANY.has(keyword) ? value.map((child, index) => [[keyword, index], child]) : [];
  if (NAMED.has(keyword))
    return isObject(value) ? Object.entries(value).map(([name, child]) => [[keyword, name], child]) : [];
  return ONE.has(keyword) ? [[[keyword], value]] : [];
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'boolean' || isObject(value);
}

/** The tokens of a reference by JSON Pointer, `#/$defs/a`; `undefined` for any other. */
export function referenceTokens(reference: string): string[] | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  try {
    return tokensOf(decodeURIComponent(reference.slice(1)));
  } catch {
    // Not percent-encoded as a fragment has to be.
    return undefined;
  }
}
