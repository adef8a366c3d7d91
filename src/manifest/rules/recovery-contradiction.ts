import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** A recovery of its own beside what says already what follows an unknown outcome. */
export function findRecoveryContradictions({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ idempotency }, index) => {
    // The strategy natural has no use for any of the three, and another rule says so.
    if (idempotency?.recovery === undefined || idempotency.strategy === 'natural') return [];
    const { recovery, upstreamKey, lookup } = idempotency;
    const beside = [
      ...(upstreamKey === undefined ? [] : ['upstreamKey' as const]),
      ...(lookup === undefined ? [] : ['lookup' as const]),
    ];
    const pointer = member('/tools', index, 'idempotency', 'recovery');
    return beside.length === 0 ? [] : [finding('recovery-contradiction', pointer, { recovery, beside })];
  });
}
