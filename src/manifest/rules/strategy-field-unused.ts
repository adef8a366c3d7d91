import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest, ManifestIdempotency } from '../schema.ts';

const UNUSED: Readonly<Record<ManifestIdempotency['strategy'], readonly (keyof ManifestIdempotency)[]>> = {
  'derived-key': [],
  'read-before-write': [],
  // The caller's key says all; a window would only make it mean less.
  'caller-key': ['key', 'occurrence'],
  // The key is the whole call, and after an unknown outcome it is simply sent again. An upstream that got it would take
  // setting A, then B, then A for a repeat.
  natural: ['key', 'occurrence', 'upstreamKey', 'lookup', 'recovery'],
};

/** Fields of an idempotency strategy that has no use for them. */
export function findUnusedStrategyFields({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ idempotency }, index) => {
    if (idempotency === undefined) return [];
    const { strategy } = idempotency;
    return UNUSED[strategy]
      .filter((field) => idempotency[field] !== undefined)
      .map((field) =>
        finding('strategy-field-unused', member('/tools', index, 'idempotency', field), { field, strategy }, 'key'),
      );
  });
}
