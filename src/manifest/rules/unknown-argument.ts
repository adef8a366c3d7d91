import { findArgument } from '../arguments.ts';
import { finding, type Finding } from '../finding.ts';
import { member, tokensOf } from '../pointer.ts';
import { collectReferences } from '../references.ts';
import type { Manifest } from '../schema.ts';
import { suggest } from '../suggest.ts';

/** Expressions that name an argument which the tool's input schema does not have. */
export function findUnknownArguments(manifest: Manifest): Finding[] {
  return collectReferences(manifest).references.flatMap(({ expression, pointer, sources, tool }) => {
    if (expression.from !== 'args' || tool === undefined || !sources.includes('args')) return [];
    const search = findArgument(tool.inputSchema, expression.pointer);
    if (search.found !== undefined) return [];
    const tokens = tokensOf(expression.pointer);
    const near = suggest(tokens.at(-1) ?? '', search.candidates);
    const meant = near === undefined ? {} : { suggestion: `$args#${member('', ...tokens.slice(0, -1), near)}` };
    return [finding('unknown-argument', pointer, { expression: `$args#${expression.pointer}`, ...meant })];
  });
}
