import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Scopes on approvals that the caller gives, where nobody looks at them. */
export function findUnusedApprovalScopes({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ approval }, index) =>
    approval && approval !== 'none' && approval.by === 'caller' && approval.scope !== undefined
      ? [finding('approval-scope-unused', member('/tools', index, 'approval', 'scope'), {})]
      : [],
  );
}
