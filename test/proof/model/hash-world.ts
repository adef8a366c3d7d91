/**
 * A text that is equal for worlds with equal futures. Workers have no names. Of a fence it counts only whether it is
 * the record's: no older one ever holds again. Of the time it counts only what ended, and in which order the rest will.
 */
import type { Outcome } from '../../../templates/kernel/execution.ts';
import type { Claimed } from '../../../templates/kernel/idempotency/claim.ts';
import type { Current } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import type { Look, Seen } from './people.ts';
import type { Rules } from './steps.ts';
import { KEYS, rowOf } from './store-steps.ts';
import { LEASE_MS, NEARLY_MS, SETTLE_MS, WINDOW_MS } from './times.ts';
import type { Attempt } from './upstream.ts';
import type { Busy, Sending, Worker } from './worker.ts';
import type { World } from './world.ts';

export function hashWorld({ scenario }: Rules, world: World): string {
  const { rows, workers, attempts, look, seen, left, history, yes, now } = world;
  const waitedFor = new Set(workers.map((worker) => (worker.at === 'waiting' ? worker.attempt : undefined)));
  return [
    ...rows.map((row) => hashRow(scenario, world, row)),
    rows.length > 1 && (rows[0]?.leaseUntil ?? 0) < (rows[1]?.leaseUntil ?? 0),
    world.count,
    ...workers.map((worker) => hashWorker(scenario, world, worker)).sort(),
    // What nobody waits for any more only matters while it is on its way.
    ...attempts
      .filter(({ id, state }) => !waitedFor.has(id) && state === 'flying')
      .map((attempt) => hashAttempt(world, attempt))
      .sort(),
    world.memory['same'],
    world.memory['other'],
    ...world.owed.filter((claimed) => isCurrent(world, claimed)).map(({ key }) => key),
    look && `${hashLook(world, look)}${look.found}`,
    seen && hashSeen(world, seen),
    world.question && `${world.question.id === rows[0]?.id}${world.question.fingerprint}${world.question.agreed}`,
    yes && `${yes.fingerprint}${yes.used}${hashTime(now, yes.until)}`,
    ...Object.values(left),
    ...Object.values(history),
  ].join();
}

function hashRow({ afterUnknown }: Rules['scenario'], world: World, row: Current): string {
  if (row === undefined) return '';
  const { state, leaseUntil, approval, firstSent } = row;
  const { now } = world;
  const underWay = state === 'claimed' || state === 'sent';
  return [
    state,
    underWay && hashTime(now, leaseUntil),
    row.fingerprint,
    hashOutcome(row.outcome),
    row.inDoubt,
    row.charges.length,
    Object.keys(row.steps).join('+'),
    row.step,
    approval && `${approval.decidedBy !== null}${hashTime(now, approval.expiresAt)}${approval.expiresAt < leaseUntil}`,
    afterUnknown === 'resend' &&
      state !== 'done' &&
      firstSent &&
      `${firstSent.digest}${windowPhase(now - firstSent.at)}`,
  ].join(' ');
}

function windowPhase(age: number): number {
  if (age < WINDOW_MS - NEARLY_MS) return 0;
  return age < WINDOW_MS ? 1 : 2;
}

/** Over, or how far away: in ticks where it is only ticks, else in quarters of a lease. */
function hashTime(now: number, end: number | null): string {
  if (end === null) return '+';
  if (end <= now) return '-';
  return end - now < SETTLE_MS ? `${end - now} ticks` : String(Math.round((4 * (end - now)) / LEASE_MS));
}

function hashWorker({ fault }: Rules['scenario'], world: World, worker: Worker): string {
  if (worker.at === 'idle') return '';
  const { operation, until, todo, late } = worker;
  const { key } = operation;
  const isHeld = isCurrent(world, operation);
  const mayRetry = world.left.retries > 0 && !late;
  const holds = until > world.now;
  switch (worker.at) {
    case 'sending':
      return [key, isHeld, 'sending', holds, operation.inDoubt, todo.join('+'), late, ...sent(worker)].join(' ');
    case 'waiting': {
      const attempt = world.attempts.find(({ id }) => id === worker.attempt);
      const heard = attempt === undefined ? 'lost' : hashAttempt(world, attempt);
      if (!isHeld && !mayRetry) return `${key} old ${heard}`;
      return [key, isHeld, heard, mayRetry && holds, operation.inDoubt, todo.join('+'), late, ...sent(worker)].join(
        ' ',
      );
    }
    default:
      // Whatever an old fence still does changes nothing, as long as fences count.
      return isHeld || fault !== 'safe' ? [key, isHeld, ...hashHeld(worker)].join(' ') : `${key} old`;
  }
}

function hashHeld(worker: Exclude<Busy, Sending>): readonly unknown[] {
  const { at, operation, todo, late } = worker;
  if (at === 'giving-back') return [at];
  if (!('conclusion' in worker)) return [at, operation.inDoubt, todo.join('+'), late];
  const { state, certain, answer } = worker.conclusion;
  return [at, late, state, certain, hashOutcome(answer)];
}

function sent({ digest, marked, again }: Sending): readonly unknown[] {
  return [digest, marked, again];
}

function hashAttempt(world: World, { target, digest, marked, sentAt, state }: Attempt): string {
  const said = typeof state === 'string' ? state : state.receipt;
  const row = rowOf(world, KEYS[0]);
  const isLater = row?.state === 'unknown' && sentAt > row.updatedAt;
  return [said, target, digest, marked, isLater].join(' ');
}

function hashSeen(world: World, { operation }: Seen): string {
  const { state, leaseUntil, key } = operation;
  const isExtended = rowOf(world, key)?.leaseUntil !== leaseUntil;
  return [age(world, operation), state, hashTime(world.now, leaseUntil), isExtended].join(' ');
}

/** Whether it would still be believed. */
function hashLook(world: World, { operation, at }: Look): string {
  const row = rowOf(world, KEYS[0]);
  return age(world, operation) + String(row !== undefined && row.updatedAt + SETTLE_MS <= at);
}

function age(world: World, claimed: Claimed): string {
  return isCurrent(world, claimed) ? `*${claimed.key}` : claimed.key;
}

function isCurrent(world: World, { key, fence }: Claimed): boolean {
  return rowOf(world, key)?.fence === fence;
}

function hashOutcome(outcome: Outcome | null): string {
  if (outcome === null) return '';
  return outcome.ok ? outcome.result : outcome.error.code;
}
