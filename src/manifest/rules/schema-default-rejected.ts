import { describeValue } from '../describe.ts';
import { dialectOf, findRejectedDefaults } from '../dialect.ts';
import { finding, type Finding } from '../finding.ts';
import { rootSchemas, subschemas } from '../json-schema.ts';
import type { Manifest } from '../schema.ts';

/** Defaults of arguments that their own schema refuses. Real tools ship them, so this is a warning. */
export function findBadDefaults(manifest: Manifest): Finding[] {
  const inputs = rootSchemas(manifest).filter(({ use }) => use === 'input');
  return inputs.flatMap((root) => {
    const dialect = dialectOf(root.schema);
    if (dialect === undefined) return [];
    const withDefault = subschemas(root).filter(
      ({ schema }) => typeof schema === 'object' && Object.hasOwn(schema, 'default'),
    );
    return findRejectedDefaults(root, withDefault, dialect).map(({ pointer, value, problem }) =>
      finding('schema-default-rejected', `${pointer}/default`, {
        value: value === null ? 'null' : describeValue(value),
        problem,
      }),
    );
  });
}
