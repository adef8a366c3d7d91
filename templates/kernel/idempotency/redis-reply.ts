/** What Redis answers, read. */
import { readOperation } from './operation-row.ts';
import { unavailable } from './store.ts';
import type { Current, Moment } from './transitions/moment.ts';

/** An operation as it was at a moment, and which version of it that was. */
export interface Read {
  readonly found: Current;
  /** `none` where there is no operation; empty where a release wrote it that counted no versions. */
  readonly version: string;
  readonly at: Moment;
}

export function readReply(reply: unknown, retentionMs: number): Read {
  const [now, lastFence, held, fields] = listOf(reply);
  const row = rowOf(fields);
  return {
    found: row && readOperation(row),
    version: row === undefined ? 'none' : String(row['version'] ?? ''),
    at: { now: Number(now), lastFence: Number(lastFence), retentionMs, held: held === '1' },
  };
}

/** Fields and values in turn → the row; absent where there are none. */
export function rowOf(reply: unknown): Record<string, unknown> | undefined {
  const fields = listOf(reply).map(String);
  if (fields.length === 0) return undefined;
  const row: Record<string, unknown> = { tenant: null };
  for (let index = 0; index < fields.length; index += 2) row[fields[index] ?? ''] = fields[index + 1];
  return row;
}

export function listOf(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw unavailable('it does not answer as Redis does');
  return reply;
}
