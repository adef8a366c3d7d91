/** TypeScript types of a tool's arguments and result, by json-schema-to-typescript. */
import { compile, type JSONSchema, type Options } from 'json-schema-to-typescript';

import type { JsonSchema } from '../manifest/json-schema.ts';
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

function declare(schema: JsonObject, name: string): Promise<string> {
  // Every schema that passed its dialect's meta-schema is one to the compiler, too.
  return compile(readable(schema, name) as JSONSchema, name, OPTIONS);
}

/**
 * The schema as the compiler should read it: titles would override names, ids would be fetched, and a comment
 * end inside a description would end the comment.
 */
function readable(schema: JsonSchema, prefix: string): unknown {
  if (Array.isArray(schema)) return schema.map((item) => readable(item, prefix));
  if (!isObject(schema)) return schema;
  const members = Object.entries(schema).flatMap(([keyword, value]) => readKeyword(keyword, value, prefix));
  return Object.fromEntries(members);
}

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
const NAMED = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies']);

function readKeyword(keyword: string, value: unknown, prefix: string): readonly (readonly [string, unknown])[] {
  if (DROPPED.has(keyword)) return [];
  if (keyword === 'description') return typeof value === 'string' ? [[keyword, commentText(value)]] : [];
  if (DATA.has(keyword)) return [[keyword, value]];
  if (keyword === 'unevaluatedProperties' && value === false) return [];
  if (NAMED.has(keyword) && isObject(value)) {
    const named = Object.entries(value).map(([name, item]) => [name, readable(item as JsonSchema, prefix)] as const);
    return [[keyword, Object.fromEntries(named)]];
  }
  return [[keyword, readable(value as JsonSchema, prefix)]];
}

/** One comment, whatever the text holds. */
function commentText(text: string): string {
  return text.replaceAll('*/', '*\\/').replaceAll(/[\r\u2028\u2029]/g, ' ');
}
