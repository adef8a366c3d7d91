/** What the test and the processes that it starts have in common. */
import type { BeginResult, Claim } from '../../../templates/kernel/idempotency/claim.ts';

export interface Said {
  /** By the process's own clock. */
  readonly now: number;
  /** What the call came to. */
  readonly ended: string;
  /** What a claim of the key `claimed` was answered. */
  readonly claimed: BeginResult['kind'];
  readonly sent: BeginResult['kind'];
}

export function claimOf(key: string): Claim {
  const about = { fingerprint: 'arguments', tool: 'follow_up', subject: 'ada', tenant: null };
  return {
    ...about,
    id: `op_${key}_${process.pid}`,
    key,
    leaseMs: 600_000,
    asked: { arguments: {}, complete: true },
    afterUnknown: { kind: 'quarantine' },
    approval: null,
    caps: [],
    irreversible: false,
  };
}
