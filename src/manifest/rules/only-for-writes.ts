import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Guards of writes on tools that only read, which skip them. */
export function findWriteFieldsOfReads({ tools }: Manifest): Finding[] {
  return tools.flatMap((tool, index) => {
    if (tool.mutability !== 'read-only') return [];
    const fields = {
      idempotency: tool.idempotency,
      approval: tool.approval === 'none' ? undefined : tool.approval,
      limits: tool.limits,
      preconditions: tool.preconditions,
    };
    return Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field]) => finding('only-for-writes', member('/tools', index, field), { field, tool: tool.name }, 'key'));
  });
}
