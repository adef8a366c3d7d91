import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Irreversible tools without a way out of an unknown outcome. */
export function findMissingRecovery({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, mutability, idempotency }, index) => {
    if (mutability !== 'irreversible' || idempotency === undefined) return [];
    const { strategy, upstreamKey, lookup, recovery } = idempotency;
    const hasWayOut =
      strategy === 'natural' || upstreamKey !== undefined || lookup !== undefined || recovery !== undefined;
    return hasWayOut ? [] : [finding('recovery-missing', member('/tools', index, 'idempotency'), { tool: name })];
  });
}
