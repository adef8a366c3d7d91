import type { Expression } from '../expressions.ts';
import { finding, type Finding } from '../finding.ts';
import { collectReferences, type Source } from '../references.ts';
import type { Manifest } from '../schema.ts';

const WRITTEN: Readonly<Record<Source, string>> = {
  args: '$args#/…',
  'response.body': '$response.body#/…',
  'response.header': '$response.header.…',
  'response.status': '$response.status',
  'principal.subject': '$principal.subject',
  'principal.tenant': '$principal.tenant',
  'operation.key': '$operation.key',
};

/** Expressions that have no value where they stand: an answer in a request, for example. */
export function findForeignExpressions(manifest: Manifest): Finding[] {
  return collectReferences(manifest).references.flatMap(({ expression, pointer, sources }) => {
    if (sources.includes(expression.from)) return [];
    const known = sources.map((source) => WRITTEN[source]);
    return [finding('expression-source', pointer, { expression: write(expression), known })];
  });
}

function write(expression: Expression): string {
  if ('pointer' in expression) return `$${expression.from}#${expression.pointer}`;
  return 'name' in expression ? `$${expression.from}.${expression.name}` : `$${expression.from}`;
}
