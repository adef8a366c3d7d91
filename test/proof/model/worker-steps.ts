/** What a worker may do next: the steps of `pipeline/execute-claimed.ts`, between any two of which it may pause or die. */
import { claimSteps } from './claims.ts';
import { hearSteps } from './hear-steps.ts';
import { markSteps } from './mark-steps.ts';
import { giveUp, recordSteps } from './record-steps.ts';
import type { Rules, Step } from './steps.ts';
import { change } from './store-steps.ts';
import { LEASE_MS } from './times.ts';
import { withAttempt } from './upstream.ts';
import { heldBy, type Busy, type Held, type Sending } from './worker.ts';
import { spend, withWorker, type World } from './world.ts';

/** One worker in one world. */
export interface At {
  readonly rules: Rules;
  readonly world: World;
  readonly index: number;
  readonly name: string;
}

export function workerSteps(rules: Rules, world: World, index: number): readonly Step[] {
  const worker = world.workers[index];
  if (worker === undefined || worker.at === 'idle') return claimSteps(rules, world, index);
  const at: At = { rules, world, index, name: `worker ${index + 1}` };
  return [...liveSteps(at, worker), ...extend(at, worker), ...crash(at)];
}

function liveSteps(at: At, worker: Busy): readonly Step[] {
  switch (worker.at) {
    case 'claimed':
      return [...markSteps(at, worker), leave(at, worker)];
    case 'giving-back':
      return [giveBack(at, worker)];
    case 'sending':
      return [...send(at, worker), ...hearSteps(at, worker), ...giveUp(at, worker)];
    case 'waiting':
      return [...hearSteps(at, worker), ...sendAgain(at, worker), ...giveUp(at, worker)];
    case 'recording':
      return [recordSteps(at, worker)];
  }
}

function crash({ world, index, name }: At): readonly Step[] {
  if (world.left.crashes === 0) return [];
  return [{ what: `${name} crashes`, next: withWorker(spend(world, 'crashes'), index, { at: 'idle' }) }];
}

/** Or the request cannot be prepared. */
function leave({ world, index, name }: At, worker: Held): Step {
  const next = withWorker(world, index, { ...heldBy(worker), at: 'giving-back' });
  return { what: `the client of ${name} leaves`, next };
}

function giveBack({ rules, world, index, name }: At, { operation }: Held): Step {
  const { world: next } = change(world, operation.key, (current, { now }) =>
    rules.protocol.release(current, { claimed: operation, certain: false }, now),
  );
  return { what: `${name} gives its claim back`, next: withWorker(next, index, { at: 'idle' }) };
}

/** The heartbeat: the owner counts from before the store was asked. */
function extend({ rules, world, index, name }: At, worker: Busy): readonly Step[] {
  if (world.left.extensions === 0) return [];
  const { operation } = worker;
  const { world: next, result } = change(spend(world, 'extensions'), operation.key, (current, { now }) =>
    rules.protocol.extendLease(current, { claimed: operation, leaseMs: LEASE_MS * 2 }, now),
  );
  if (!result) return [];
  const until = world.now + LEASE_MS * 2;
  return [{ what: `${name} extends its lease`, next: withWorker(next, index, { ...worker, until }) }];
}

/** Asked when a connection stands: whether the lease holds, and whether the call is not over. */
function send({ rules, world, index, name }: At, worker: Sending): readonly Step[] {
  const { fault } = rules.scenario;
  const mayStillSend = worker.until > world.now || fault === 'sends-after-its-lease';
  if (!mayStillSend || (worker.late && fault !== 'sends-after-its-deadline')) return [];
  const { operation, digest, marked, todo } = worker;
  const attempt = {
    id: world.sends + 1,
    fence: operation.fence,
    digest,
    marked,
    sentAt: world.now,
    target: targetOf(rules, operation.key, todo),
    state: 'flying',
  } as const;
  const sent = withAttempt({ ...world, now: world.now + 1, sends: attempt.id }, attempt);
  return [{ what: `${name} sends`, next: withWorker(sent, index, { ...worker, at: 'waiting', attempt: attempt.id }) }];
}

function targetOf({ scenario }: Rules, key: string, [step = 0]: readonly number[]): number {
  if (scenario.steps > 0) return step;
  return key === 'key-1' ? 0 : 1;
}

/** Within the call, where a second attempt is safe: the same bytes under the same fence. */
function sendAgain({ rules, world, index, name }: At, worker: Sending): readonly Step[] {
  const isSafe = rules.scenario.afterUnknown !== 'quarantine' && rules.scenario.steps === 0;
  if (world.left.retries === 0 || !isSafe || worker.late) return [];
  const { digest, marked } = worker;
  const next = { ...heldBy(worker), at: 'sending', digest, marked, again: true } as const;
  return [{ what: `${name} tries again`, next: withWorker(spend(world, 'retries'), index, next) }];
}
