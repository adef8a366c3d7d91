/** The calls that a store gets for one key. */
import type { AfterUnknown, Claim } from '../../../templates/kernel/idempotency/claim.ts';
import type { LapsedAs } from '../../../templates/kernel/idempotency/store.ts';
import type { Pick } from '../spelling.ts';

export type StoreCall =
  | { readonly kind: 'begin'; readonly claim: Claim }
  | { readonly kind: 'peek'; readonly claim: Claim }
  | { readonly kind: 'markSent'; readonly fence: number; readonly digest: string }
  | { readonly kind: 'release'; readonly fence: number; readonly certain: boolean }
  | { readonly kind: 'recordUnknown' | 'extendLease' | 'settle' | 'reclaim'; readonly fence: number }
  | { readonly kind: 'lapse'; readonly fence: number; readonly as: LapsedAs }
  | { readonly kind: 'startStep' | 'finishStep'; readonly fence: number; readonly name: string }
  | { readonly kind: 'recordOutcome'; readonly fence: number; readonly result: string }
  /** The lease runs out. */
  | { readonly kind: 'expire' };

/** Leases end when a call says so, and never by themselves. */
export const LEASE_MS = 1_000_000;

export interface Known {
  readonly expires: boolean;
  readonly key: string;
  /** Of this process's last claim, and of anybody's; 0 where there was none. */
  readonly fences: readonly [own: number, latest: number];
  readonly id: string;
  readonly afterUnknown: AfterUnknown;
}

const CLAIM = {
  tool: 'tool',
  subject: 'ada',
  tenant: null,
  asked: { arguments: {}, complete: true },
  leaseMs: LEASE_MS,
  approval: null,
  caps: [],
  irreversible: false,
} as const;

/** A call that a process may make next; mostly with a fence of its own, sometimes with somebody else's. */
export function nextCall({ key, fences, id, afterUnknown, expires }: Known, pick: Pick): StoreCall {
  const fingerprint = pick(8) === 0 ? 'other arguments' : 'arguments';
  const claim: Claim = { ...CLAIM, id, key, fingerprint, afterUnknown };
  const fence = fences[pick(4) === 0 ? 1 : 0];
  if (fence === 0 || pick(3) === 0) return { kind: pick(8) === 0 ? 'peek' : 'begin', claim };
  const kind = KINDS[pick(KINDS.length)] ?? 'release';
  switch (kind) {
    case 'expire':
      return expires ? { kind } : { kind: 'release', fence, certain: false };
    case 'recordOutcome':
      return { kind, fence, result: JSON.stringify({ by: id }) };
    case 'markSent':
      return { kind, fence, digest: pick(4) === 0 ? 'other request' : 'request' };
    case 'release':
      return { kind, fence, certain: pick(2) === 0 };
    case 'startStep':
    case 'finishStep':
      return { kind, fence, name: 'step' };
    case 'lapse':
      return { kind, fence, as: pick(2) === 0 ? 'released' : 'unknown' };
    default:
      return { kind, fence };
  }
}

/** Leases end often: what only happens once the key has a new holder would hardly ever be tried. */
const KINDS = [
  ...(['expire', 'expire', 'expire', 'expire', 'markSent', 'markSent', 'markSent', 'recordOutcome'] as const),
  ...(['release', 'recordUnknown', 'startStep', 'finishStep', 'extendLease', 'lapse', 'settle', 'reclaim'] as const),
];
