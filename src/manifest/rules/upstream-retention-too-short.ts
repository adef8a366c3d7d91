import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Nothing is sent again in the last five minutes, and whether it has to be shows only after a lease. */
const LEAST = 10 * 60_000;

/** Upstreams that forget a key before it could be sent again. */
export function findShortUpstreamRetention({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, idempotency }, index) =>
    idempotency?.upstreamKey !== undefined && idempotency.upstreamKey.retention < LEAST
      ? [
          finding('upstream-retention-too-short', member('/tools', index, 'idempotency', 'upstreamKey', 'retention'), {
            tool: name,
          }),
        ]
      : [],
  );
}
