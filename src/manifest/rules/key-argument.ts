import { findArgument } from '../arguments.ts';
import { finding, type Finding } from '../finding.ts';
import { collectReferences } from '../references.ts';
import type { Manifest } from '../schema.ts';

/** Arguments in a key or an occurrence that a call may leave out, set to null or leave empty. */
export function findWeakKeyArguments(manifest: Manifest): Finding[] {
  return collectReferences(manifest).references.flatMap(({ expression, pointer, tool, use }) => {
    if (expression.from !== 'args' || tool === undefined || (use !== 'key' && use !== 'occurrence')) return [];
    const { found } = findArgument(tool.inputSchema, expression.pointer);
    if (found === undefined) return [];
    const args = { expression: `$args#${expression.pointer}`, use };
    return [
      ...(found.isRequired ? [] : [finding('key-optional', pointer, args)]),
      ...(found.mayBeNull ? [finding('key-nullable', pointer, args)] : []),
      ...(found.mayBeEmpty && !found.mayBeNull ? [finding('key-can-be-empty', pointer, args)] : []),
    ];
  });
}
