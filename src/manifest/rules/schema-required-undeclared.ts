import { findArgument } from '../arguments.ts';
import { finding, type Finding } from '../finding.ts';
import { rootSchemas, subschemas, type JsonSchema, type RootSchema } from '../json-schema.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';
import { suggestion } from '../suggest.ts';

/** Properties that are required where no undeclared property is let in. */
export function findUndeclaredRequired(manifest: Manifest): Finding[] {
  return rootSchemas(manifest).flatMap((root) =>
    subschemas(root).flatMap(({ schema, pointer, isPart = false }) =>
      typeof schema === 'object' && isClosed(schema, isPart, root.use) ? check(schema, pointer, root.schema) : [],
    ),
  );
}

function check(schema: Exclude<JsonSchema, boolean>, pointer: string, root: JsonSchema): Finding[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return required.flatMap((property, index) => {
    if (typeof property !== 'string') return [];
    const search = findArgument(schema, member('', property), root);
    return search.found === undefined
      ? [
          finding('schema-required-undeclared', member(pointer, 'required', index), {
            property,
            ...suggestion(property, search.candidates),
          }),
        ]
      : [];
  });
}

/** Objects are closed by default, except parts of a composition: there the whole is closed, not the part. */
function isClosed(schema: Exclude<JsonSchema, boolean>, isPart: boolean, use: RootSchema['use']): boolean {
  if (schema.additionalProperties !== undefined) return schema.additionalProperties === false;
  return use !== 'condition' && !isPart && (schema.type === 'object' || schema.properties !== undefined);
}
