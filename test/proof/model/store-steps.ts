/** One transition, written as the stores write it: operation, charges and refunds, or nothing. */
import type { Change, Current, Moment } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import { RETENTION_MS } from './times.ts';
import type { World } from './world.ts';

export const KEYS = ['key-1', 'key-2'] as const;

export interface Changed<Result> {
  readonly world: World;
  readonly result: Result;
}

export function change<Result>(
  world: World,
  key: string,
  decide: (current: Current, at: Moment) => Change<Result>,
): Changed<Result> {
  const { now, lastFence, rows } = world;
  const index = KEYS.findIndex((name) => name === key);
  const before = rows[index];
  const step = decide(before, { now, lastFence, retentionMs: RETENTION_MS, held: false });
  const { next, result, charge = [], refund = [], whenFull } = step;
  if (next === before) return { world, result };
  const full = charge.find(({ limit }) => world.count >= limit);
  if (full !== undefined && whenFull !== undefined) return { world, result: whenFull(full) };
  const written = {
    ...world,
    now: now + 1,
    rows: rows.with(index, next),
    lastFence: Math.max(lastFence, next?.fence ?? 0),
    count: world.count + charge.length - refund.length,
  };
  return { world: written, result };
}

export function rowOf({ rows }: World, key: string): Current {
  return rows[KEYS.findIndex((name) => name === key)];
}
