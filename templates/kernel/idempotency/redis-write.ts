/** What the script is told that writes an operation. */
import { writeOperation } from './operation-row.ts';
import { shelfOf, standsUntil, type Operation, type Shelf } from './operation.ts';
import type { Read } from './redis-reply.ts';
import { counterKey, idKey, operationKey, shelfKey } from './redis-scripts.ts';
import type { Entry } from './store.ts';
import type { Charge, Moment } from './transitions/moment.ts';

const SHELVES: readonly Shelf[] = ['waiting', 'open', 'failed'];
/** What is over outlives its retention a little, so that the end is told by the transitions alone. */
const GRACE_MS = 3_600_000;
/** What failed is kept for people to look at, also where a repeat has long been free. */
const FAILED_MS = 30 * 86_400_000;
const NO_END = 0;

export interface Replacement {
  readonly seen: Read;
  readonly charge: readonly Charge[];
  readonly refund: readonly string[];
  readonly entry: Entry | undefined;
}

/** Keys and values for `REPLACE`. `isClaim`: the script gives it a fence of its own. */
export function replacing(operation: Operation, { seen, charge, refund, entry }: Replacement) {
  const { id, key, fence, updatedAt } = operation;
  const { found, version, at } = seen;
  const isClaim = operation.state === 'claimed' && fence !== found?.fence;
  const idBefore = found?.id ?? id;
  const isNew = isClaim || id !== found?.id;
  const [lifetime, shelf, held] = [lifetimeOf(operation, at), shelfNumberOf(operation), at.held ? '1' : '0'];
  const told = { version, held, isClaim, isNew, id, idBefore, key, fence, updatedAt, now: at.now, lifetime, shelf };
  const names = ['fences', 'versions', 'epoch', 'outbox', 'outbox-times', ...SHELVES.map(shelfKey)];
  const counters = [...charge.map(({ counter }) => counter), ...refund].map(counterKey);
  const fields = Object.entries(writeOperation(operation)).filter(([, value]) => value !== null);
  return {
    isClaim,
    keys: [operationKey(key), idKey(id), idKey(idBefore), ...names, ...counters],
    values: [JSON.stringify({ ...told, charge, entry }), ...fields.flat().map(String)],
  };
}

/** As the script counts them; 0 for none. */
function shelfNumberOf(operation: Operation): number {
  const shelf = shelfOf(operation);
  return shelf === null ? 0 : SHELVES.indexOf(shelf) + 1;
}

/** In milliseconds; what is not finished has no end. */
function lifetimeOf(operation: Operation, { now, retentionMs }: Moment): number {
  const stands = standsUntil(operation);
  if (stands !== null) return stands - now + GRACE_MS;
  switch (shelfOf(operation)) {
    case 'open':
      return NO_END;
    case 'failed':
      return Math.max(retentionMs, FAILED_MS) + GRACE_MS;
    default:
      return retentionMs + GRACE_MS;
  }
}
