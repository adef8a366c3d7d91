import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Irreversible tools that nobody has to approve. */
export function findMissingApprovals({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, mutability, approval }, index) =>
    mutability === 'irreversible' && approval === undefined
      ? [finding('approval-missing', member('/tools', index, 'mutability'), { tool: name })]
      : [],
  );
}
