import { describeValue } from '../describe.ts';
import { dialectOf } from '../dialect.ts';
import { finding, type Finding } from '../finding.ts';
import { rootSchemas, subschemas } from '../json-schema.ts';
import type { Manifest } from '../schema.ts';

/** Schemas in a dialect that is neither 2020-12 nor draft-07, or that change it half-way. */
export function findUnknownDialects(manifest: Manifest): Finding[] {
  return rootSchemas(manifest).flatMap((root) => {
    const dialect = dialectOf(root.schema);
    return subschemas(root).flatMap(({ schema, pointer }) => {
      if (typeof schema === 'boolean' || schema.$schema === undefined) return [];
      const isKnown = dialect !== undefined && dialectOf(schema) === dialect;
      const written = typeof schema.$schema === 'string' ? schema.$schema : describeValue(schema.$schema);
      return isKnown ? [] : [finding('schema-dialect', `${pointer}/$schema`, { dialect: written })];
    });
  });
}
