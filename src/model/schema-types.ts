/** TypeScript types of a tool's arguments and result, by json-schema-to-typescript. */
import { compile, type JSONSchema, type Options } from 'json-schema-to-typescript';

import { isObject } from '../manifest/pointer.ts';
import type { JsonObject, ToolNames } from './project.ts';

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
  const source = await compile(readSchema(schema, name) as JSONSchema, name, OPTIONS);
  return source.replaceAll(STAND_IN, 'hasOwnProperty');
}

/** The compiler calls this method of the objects it reads; a property of that name would take its place. */
const STAND_IN = '__HARDENED_MCP_HAS_OWN_PROPERTY__';

const DATA = new Set(['const', 'enum', 'required']);
const DROPPED = new Set([
  'title',
  '$id',
  'id',
  '$schema',
  'default',
  'examples',
  'deprecated',
  'tsType',
  'tsEnumNames',
]);
const DEFINITIONS = new Set(['$defs', 'definitions']);
const NAMED = new Set([...DEFINITIONS, 'properties', 'patternProperties', 'dependentSchemas', 'dependencies']);

/**
 * The schema as the compiler should read it: titles would override names, ids would be fetched, and a comment
 * end inside a description would end the comment. Definitions are named after the type that uses them, because
 * the schema of the result may have others of the same name.
 */
function readSchema(schema: unknown, type: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => readSchema(item, type));
  if (!isObject(schema)) return schema;
  return Object.fromEntries(Object.entries(schema).flatMap(([keyword, value]) => readKeyword(keyword, value, type)));
}

function readKeyword(keyword: string, value: unknown, type: string): readonly (readonly [string, unknown])[] {
  if (DROPPED.has(keyword)) return [];
  if (keyword === 'description') return typeof value === 'string' ? [[keyword, commentText(value)]] : [];
  if (keyword === '$ref' && typeof value === 'string') return [[keyword, renameReference(value, type)]];
  if (keyword === 'unevaluatedProperties' && value === false) return [];
  if (DATA.has(keyword)) return [[keyword, value]];
  if (!NAMED.has(keyword) || !isObject(value)) return [[keyword, readSchema(value, type)]];
  const named = Object.entries(value).map(
    ([name, item]) => [renameMember(keyword, name, type), readSchema(item, type)] as const,
  );
  return [[keyword, Object.fromEntries(named)]];
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
