/** TypeScript types of a tool's arguments and result, by json-schema-to-typescript. */
import { compile, type JSONSchema, type Options } from 'json-schema-to-typescript';

import type { JsonObject, ToolNames } from './project.ts';
import { STAND_IN, typeView } from './type-view.ts';

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

/** Declarations of `<Type>Arguments` and `<Type>Result`, unformatted. A result without schema is any JSON value, or content. */
export async function declareTypes(
  names: ToolNames,
  schemas: { readonly input: JsonObject; readonly output: JsonObject | undefined },
): Promise<string> {
  const args = await declare(schemas.input, `${names.type}Arguments`);
  const result =
    schemas.output === undefined
      ? `/** Without an output schema: any JSON value, or blocks of content. */\nexport type ${names.type}Result =\n  | import('../../kernel/json.ts').JsonValue\n  | import('../../kernel/content.ts').RawContent;`
      : await declare(schemas.output, `${names.type}Result`);
  return `${args.trim()}\n\n${result.trim()}\n`;
}

async function declare(schema: JsonObject, name: string): Promise<string> {
  // Every schema that passed its dialect's meta-schema is one to the compiler, too.
  const source = await compile(typeView(schema, name) as JSONSchema, name, OPTIONS);
  const declared = source.replaceAll(STAND_IN, 'hasOwnProperty');
  // A schema that says nothing is declared as nothing.
  const isNamed = [`export interface ${name} `, `export type ${name} =`].some((start) => declared.includes(start));
  return isNamed ? declared : `${declared}\nexport type ${name} = unknown;`;
}
