import { finding, type Finding } from '../finding.ts';
import { rootSchemas, subschemas } from '../json-schema.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

const KEYWORD = 'x-mcp-header';

/** Arguments that clients are told to repeat in a header, which nothing here would compare with the argument. */
export function findMirroredArguments(manifest: Manifest): Finding[] {
  return rootSchemas(manifest)
    .filter(({ use }) => use === 'input')
    .flatMap((root) => subschemas(root))
    .filter(({ schema }) => typeof schema === 'object' && schema[KEYWORD] !== undefined)
    .map(({ pointer }) => finding('schema-header', member(pointer, KEYWORD), {}));
}
