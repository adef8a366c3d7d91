/** How many writes may be executed. */
import type { ManifestWriteCaps } from '../manifest/schema.ts';
import type { CapsModel } from './guards.ts';

/** Absent where nothing is bounded. */
export function buildCaps(caps: ManifestWriteCaps | undefined): CapsModel | undefined {
  if (caps === undefined) return undefined;
  const { perRun, perHour, perDay, per = 'principal' } = caps;
  const isBounded = perRun !== undefined || perHour !== undefined || perDay !== undefined;
  return isBounded ? { perRun, perHour, perDay, per } : undefined;
}
