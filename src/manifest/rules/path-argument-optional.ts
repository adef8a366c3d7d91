import { findArgument } from '../arguments.ts';
import { finding, type Finding } from '../finding.ts';
import { collectReferences } from '../references.ts';
import type { Manifest } from '../schema.ts';

/** Arguments in a path that a call may leave out. */
export function findOptionalPathArguments(manifest: Manifest): Finding[] {
  return collectReferences(manifest).references.flatMap(({ expression, pointer, tool, use }) => {
    if (expression.from !== 'args' || tool === undefined || use !== 'path') return [];
    const { found } = findArgument(tool.inputSchema, expression.pointer);
    return found === undefined || found.isRequired
      ? []
      : [finding('path-argument-optional', pointer, { expression: `$args#${expression.pointer}` })];
  });
}
