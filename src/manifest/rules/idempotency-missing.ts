import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Tools that write and cannot tell a repeated call from a new one. */
export function findMissingIdempotency({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, mutability, idempotency }, index) =>
    mutability !== 'read-only' && idempotency === undefined
      ? [finding('idempotency-missing', member('/tools', index, 'mutability'), { tool: name, mutability })]
      : [],
  );
}
