import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Names that MCP does not allow. */
export function findInvalidToolNames({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name }, index) =>
    /^[A-Za-z0-9_.-]{1,64}$/.test(name)
      ? []
      : [finding('tool-name-invalid', member('/tools', index, 'name'), { name })],
  );
}
