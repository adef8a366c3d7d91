/** What a tool may do about an unknown outcome: histories are tried with each. */
import type { AfterUnknown } from '../../../templates/kernel/idempotency/claim.ts';

export const AFTER_UNKNOWN: readonly AfterUnknown[] = [
  { kind: 'quarantine' },
  { kind: 'set-again' },
  { kind: 'resend', withinMs: Number.MAX_SAFE_INTEGER },
];
