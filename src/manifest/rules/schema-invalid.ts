import { dialectOf, findSchemaFaults } from '../dialect.ts';
import { finding, type Finding } from '../finding.ts';
import { rootSchemas } from '../json-schema.ts';
import type { Manifest } from '../schema.ts';

/** Schemas that their dialect's own meta-schema refuses. */
export function findInvalidSchemas(manifest: Manifest): Finding[] {
  return rootSchemas(manifest).flatMap(({ schema, pointer }) => {
    const dialect = dialectOf(schema);
    if (dialect === undefined) return [];
    return findSchemaFaults(schema, dialect).map((fault) =>
      finding('schema-invalid', pointer + fault.pointer, { problem: fault.problem, dialect }),
    );
  });
}
