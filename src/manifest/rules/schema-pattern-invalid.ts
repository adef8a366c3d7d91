import { finding, type Finding } from '../finding.ts';
import { rootSchemas, subschemas, type PlacedSchema } from '../json-schema.ts';
import { isObject, member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Patterns that are no regular expressions with the `u` flag. */
export function findInvalidPatterns(manifest: Manifest): Finding[] {
  return rootSchemas(manifest).flatMap((root) => subschemas(root).flatMap(checkPatterns));
}

function checkPatterns({ schema, pointer }: PlacedSchema): Finding[] {
  if (typeof schema === 'boolean') return [];
  const { pattern, patternProperties } = schema;
  const named = isObject(patternProperties) ? Object.keys(patternProperties) : [];
  return [
    ...(typeof pattern === 'string' ? check(pattern, `${pointer}/pattern`, 'value') : []),
    ...named.flatMap((name) => check(name, member(pointer, 'patternProperties', name), 'key')),
  ];
}

function check(pattern: string, pointer: string, part: 'key' | 'value'): Finding[] {
  const compiled = compile(pattern);
  return compiled instanceof RegExp
    ? []
    : [finding('schema-pattern-invalid', pointer, { pattern, reason: compiled }, part)];
}

/** The compiled pattern, or why there is none. */
function compile(pattern: string): RegExp | string {
  try {
    const compiled = new RegExp(pattern, 'u');
    // Some that are too large are refused only when they are used.
    compiled.test('');
    return compiled;
  } catch (error) {
    return error instanceof Error ? (error.message.split(': ').at(-1) ?? '') : String(error);
  }
}
