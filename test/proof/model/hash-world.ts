/**
 * A text that is equal for worlds with equal futures. Workers have no names. Of a fence it counts only whether it is
 * the record's: no older one ever holds again. Of the time it counts only whether the lease has run out.
 */
import type { Outcome } from '../../../templates/kernel/execution.ts';
import type { Attempt, Worker, World } from './world.ts';

export function hashWorld(world: World): string {
  const { now, row, lastFence, workers, attempts, owed, left, history } = world;
  const age = (fence: number) => (fence === row?.fence ? '*' : '');
  const fences = new Set(workers.map((worker) => (worker.at === 'idle' ? undefined : worker.fence)));
  return [
    row === undefined ? '' : row.state + (row.leaseUntil > now) + row.fingerprint + hashOutcome(row.outcome),
    row?.fence === lastFence,
    workers.map((worker) => hashWorker(world, worker)).sort(),
    // What nobody waits for any more only matters while it is on its way.
    attempts
      .filter(({ fence, state }) => !fences.has(fence) && state === 'flying')
      .map((attempt) => age(attempt.fence) + hashAttempt(attempt))
      .sort(),
    owed.some((fence) => fence === row?.fence),
    left.crashes,
    left.requests,
    left.otherArguments,
    left.otherKeys,
    history.effects,
    history.unmarked,
    history.reruns,
    history.told,
  ].join();
}

function hashWorker({ row, attempts }: World, worker: Worker): string {
  if (worker.at === 'idle') return '';
  const attempt = attempts.find(({ fence }) => fence === worker.fence);
  const about =
    (worker.fence === row?.fence ? '*' : '') + worker.at + (attempt === undefined ? '' : hashAttempt(attempt));
  switch (worker.at) {
    case 'sent':
      return about + worker.marked;
    case 'waiting':
      return about + worker.late;
    case 'recording':
      return about + worker.late + worker.conclusion.state + hashOutcome(worker.conclusion.answer);
    default:
      return about;
  }
}

function hashAttempt({ state, marked }: Attempt): string {
  return (typeof state === 'string' ? state : state.receipt) + marked;
}

function hashOutcome(outcome: Outcome | null): string {
  if (outcome === null) return '';
  return outcome.ok ? outcome.result : outcome.error.code;
}
