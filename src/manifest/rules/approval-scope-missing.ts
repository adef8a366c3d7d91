import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Approvals by an approver whom no scope describes. */
export function findMissingApprovalScopes({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ approval }, index) =>
    approval && approval !== 'none' && approval.by === 'approver' && approval.scope === undefined
      ? [finding('approval-scope-missing', member('/tools', index, 'approval'), {})]
      : [],
  );
}
