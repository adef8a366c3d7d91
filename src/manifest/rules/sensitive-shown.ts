import { finding, type Finding } from '../finding.ts';
import { collectReferences } from '../references.ts';
import type { Manifest } from '../schema.ts';
import { findSensitive, showsSensitive } from '../sensitive.ts';

/** Sensitive arguments in texts that people and models read, and that are kept as they are. */
export function findShownSensitive(manifest: Manifest): Finding[] {
  return collectReferences(manifest).references.flatMap(({ expression, pointer, tool, use }) => {
    if (expression.from !== 'args' || tool === undefined || use !== 'shown') return [];
    return showsSensitive(expression.pointer, findSensitive(tool.inputSchema))
      ? [finding('sensitive-shown', pointer, { expression: `$args#${expression.pointer}` })]
      : [];
  });
}
