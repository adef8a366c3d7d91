/** TypeScript types of a tool's arguments and result, by json-schema-to-typescript. */
import { compile, type JSONSchema, type Options } from 'json-schema-to-typescript';

import { isObject } from '../manifest/pointer.ts';
import type { JsonObject, ToolNames } from './project.ts';

type Keywords = Readonly<Record<string, unknown>>;

const OPTIONS: Partial<Options> = {
  additionalProperties: false,
  bannerComment: '',
  enableConstEnums: false,
  format: false,
  ignoreMinAndMaxItems: true,
  strictIndexSignatures: true,
  unknownAny: true,
  unreachableDefinitions: false,
};

/** Declarations of `<Type>Arguments` and `<Type>Result`, unformatted. A result without schema is any JSON value. */
export async function declareTypes(
  names: ToolNames,
  schemas: { readonly input: JsonObject; readonly output: JsonObject | undefined },
): Promise<string> {
  const args = await declare(schemas.input, `${names.type}Arguments`);
  const result =
    schemas.output === undefined
      ? `/** Without an output schema: any JSON value. */\nexport type ${names.type}Result = import('../../kernel/json.ts').JsonValue;`
      : await declare(schemas.output, `${names.type}Result`);
  return `${args.trim()}\n\n${result.trim()}\n`;
}

async function declare(schema: JsonObject, name: string): Promise<string> {
  // Every schema that passed its dialect's meta-schema is one to the compiler, too.
  const source = await compile(readSchema(schema, name) as JSONSchema, name, {
    ...OPTIONS,
    // What a reference leads to gets a name, which must not be one of the other schema's.
    customName: ({ $id }) => ($id === undefined || $id.startsWith(name) ? undefined : `${name}-${$id}`),
  });
  return source.replaceAll(STAND_IN, 'hasOwnProperty');
}

/** The compiler calls this method of the objects it reads; a property of that name would take its place. */
const STAND_IN = '__HARDENED_MCP_HAS_OWN_PROPERTY__';

/** Keywords that say something about the shape of a value: a union of schemas without any says nothing. */
const SHAPE = new Set(
  '$ref type const enum properties patternProperties additionalProperties items prefixItems allOf anyOf oneOf'.split(
    ' ',
  ),
);
const DEFINITIONS = new Set(['$defs', 'definitions']);
const OTHERS = new Set(['required', 'description', ...DEFINITIONS]);
const NAMED = new Set([...DEFINITIONS, 'properties']);

/**
 * The schema as the compiler should read it: only what makes a type, because it takes some other keywords for
 * code, names or types of its own. Definitions are named after the type that uses them, because the schema of
 * the result may have others of the same name.
 */
function readSchema(schema: unknown, type: string): unknown {
  if (!isObject(schema)) return schema;
  return Object.fromEntries(
    Object.entries(withoutTuple(withoutPatterns(schema))).flatMap(([keyword, value]) =>
      readKeyword(keyword, value, type),
    ),
  );
}

function readKeyword(keyword: string, value: unknown, type: string): readonly (readonly [string, unknown])[] {
  if (!SHAPE.has(keyword) && !OTHERS.has(keyword)) return [];
  if (keyword === 'description') return typeof value === 'string' ? [[keyword, commentText(value)]] : [];
  if (keyword === '$ref' && typeof value === 'string') return [[keyword, renameReference(value, type)]];
  if (['type', 'const', 'enum', 'required'].includes(keyword)) return [[keyword, value]];
  if (Array.isArray(value)) return readList(keyword, value, type);
  if (!NAMED.has(keyword) || !isObject(value)) return [[keyword, readSchema(value, type)]];
  const named = Object.entries(value).map(
    ([name, item]) => [renameMember(keyword, name, type), readSchema(item, type)] as const,
  );
  return [[keyword, Object.fromEntries(named)]];
}

/** Of `allOf`, the schemas that have a shape; of a union all or, where one could be anything, none. */
function readList(keyword: string, schemas: readonly unknown[], type: string): readonly (readonly [string, unknown])[] {
  const shaped = schemas.filter((schema) => schema === false || (isObject(schema) && hasShape(schema)));
  const isUnion = keyword === 'anyOf' || keyword === 'oneOf';
  if (shaped.length === 0 || (isUnion && shaped.length < schemas.length)) return [];
  return [[keyword, shaped.map((schema) => readSchema(schema, type))]];
}

function hasShape(schema: Keywords): boolean {
  return Object.keys(schema).some((keyword) => SHAPE.has(keyword));
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

function renameMember(keyword: string, name: string, type: string): string {
  if (DEFINITIONS.has(keyword)) return `${type}-${name}`;
  return name === 'hasOwnProperty' ? STAND_IN : name;
}

function renameReference(reference: string, type: string): string {
  return reference.replace(/^#\/(\$defs|definitions)\/(?=.)/, (place) => `${place}${type}-`);
}

/** One comment, whatever the text holds. */
function commentText(text: string): string {
  return text.replaceAll('*/', '*\\/').replaceAll(/[\r\u2028\u2029]/g, ' ');
}
