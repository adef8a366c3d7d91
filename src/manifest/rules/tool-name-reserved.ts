import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** The name of the tool that every server that writes has. */
const RESERVED = 'getoperationstatus';

/** Names that generated tools have, and names that their files could not be told apart from. */
export function findReservedToolNames({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name }, index) =>
    name.toLowerCase().replaceAll(/[_.-]/g, '') === RESERVED
      ? [finding('tool-name-reserved', member('/tools', index, 'name'), { name })]
      : [],
  );
}
