import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Reasons for an `approval: none` that is not there. */
export function findUnusedReasons({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ approval, because }, index) =>
    because !== undefined && approval !== 'none'
      ? [finding('because-unused', member('/tools', index, 'because'), {})]
      : [],
  );
}
