import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Irreversible tools that do without an approval and do not say why. */
export function findMissingReasons({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, mutability, approval, because }, index) =>
    mutability === 'irreversible' && approval === 'none' && because === undefined
      ? [finding('because-missing', member('/tools', index, 'approval'), { tool: name })]
      : [],
  );
}
