import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Tools that read before they write, without saying what they read. */
export function findMissingLookups({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, idempotency }, index) =>
    idempotency?.strategy === 'read-before-write' && idempotency.lookup === undefined
      ? [finding('lookup-missing', member('/tools', index, 'idempotency', 'strategy'), { tool: name })]
      : [],
  );
}
