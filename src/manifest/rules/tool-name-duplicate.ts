import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Two tools of one name. */
export function findDuplicateToolNames({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name }, index) =>
    tools.findIndex((other) => other.name === name) === index
      ? []
      : [finding('tool-name-duplicate', member('/tools', index, 'name'), { name })],
  );
}
