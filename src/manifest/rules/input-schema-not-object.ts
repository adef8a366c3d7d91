import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Input schemas whose root is not said to be an object. */
export function findNonObjectInputs({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ inputSchema }, index) =>
    inputSchema.type === 'object'
      ? []
      : [finding('input-schema-not-object', member('/tools', index, 'inputSchema'), {})],
  );
}
