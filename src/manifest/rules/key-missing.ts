import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Strategies that derive the key and do not say from what. */
export function findMissingKeys({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ idempotency }, index) => {
    if (idempotency === undefined || idempotency.key !== undefined) return [];
    const { strategy } = idempotency;
    return strategy === 'derived-key' || strategy === 'read-before-write'
      ? [finding('key-missing', member('/tools', index, 'idempotency', 'strategy'), { strategy })]
      : [];
  });
}
