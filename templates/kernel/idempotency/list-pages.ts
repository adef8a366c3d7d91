/** Reads a shelf page by page, so that what nobody wants neither crowds out what is wanted, nor fills the memory. */
import { setImmediate as othersTurn } from 'node:timers/promises';

import type { Operation } from './operation.ts';
import type { ListQuery } from './store.ts';

/** How many of a shelf are read at once. */
export const PAGE = 100;

export interface Page<Position> {
  readonly operations: readonly Operation[];
  /** Where the next page begins; `undefined` where there is none. */
  readonly next: Position | undefined;
}

/** As many as are asked for, or all that are wanted. */
export async function listPages<Position>(
  { limit, wanted = () => true }: Pick<ListQuery, 'limit' | 'wanted'>,
  {
    first,
    read,
  }: { readonly first: Position; readonly read: (from: Position) => Page<Position> | Promise<Page<Position>> },
): Promise<readonly Operation[]> {
  const found: Operation[] = [];
  for (let from: Position | undefined = first; from !== undefined && found.length < limit;) {
    const { operations, next } = await read(from);
    found.push(...operations.filter(wanted).slice(0, limit - found.length));
    if (next !== undefined) await othersTurn();
    from = next;
  }
  return found;
}

/** What was changed before that, or at once with it and under a lesser id. */
export interface RowPosition<Time> {
  readonly updatedAt: Time;
  readonly id: string;
}

/** Rows say where they stand themselves: what is read of a damaged one may say something else. */
export function positionAfter<Time>(
  rows: readonly Readonly<Record<string, unknown>>[],
  timeOf: (column: unknown) => Time,
): RowPosition<Time> | undefined {
  const last = rows.length < PAGE ? undefined : rows.at(-1);
  return last && { updatedAt: timeOf(last['updated_at']), id: String(last['id']) };
}
