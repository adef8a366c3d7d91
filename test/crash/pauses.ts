/** Stops processes at moments that hurt, for longer than their leases, and lets them go on. */
import { setTimeout as sleep } from 'node:timers/promises';

import { anyMoment } from './moments.ts';
import { run, type Run, type RunOptions } from './run.ts';
import type { Stage } from './stage.ts';
import { slow } from './upstream.ts';
import type { Worker } from './worker.ts';

export interface PauseOptions extends Pick<RunOptions<number>, 'store' | 'mode' | 'seed' | 'change'> {
  readonly pauses: number;
}

const LEASE_MS = 300;
/** The ledger's answer is still there when the longest pause is over. */
const TIMEOUT_MS = 20_000;
const AT_ONCE = 3;

/** The ledger answers every request, and nobody dies: in the end all is known. */
export function runWithPauses({ pauses, ...options }: PauseOptions): Promise<Run<number>> {
  return run({
    ...options,
    conduct: slow,
    leaseMs: LEASE_MS,
    timeoutMs: TIMEOUT_MS,
    disturb: (stage) => pause(pauses, stage),
  });
}

async function pause(pauses: number, { fleet, moments, pick }: Stage): Promise<number> {
  const stopped = new Set<Promise<void>>();
  const resumeLater = async (worker: Worker, over: () => void): Promise<void> => {
    await sleep(LEASE_MS + pick(4 * LEASE_MS));
    fleet.resume(worker);
    over();
  };
  let count = 0;
  while (count < pauses) {
    const worker = fleet.find(await anyMoment(moments, pick));
    if (worker === undefined || !fleet.pause(worker)) continue;
    count += 1;
    const pausing: Promise<void> = resumeLater(worker, () => stopped.delete(pausing));
    stopped.add(pausing);
    if (stopped.size >= AT_ONCE) await Promise.race(stopped);
  }
  await Promise.all(stopped);
  return count;
}

/** Entries of which somebody was told that nobody knows, and whose outcome came out after all. */
export function countLate({ histories }: Run<unknown>): number {
  return histories.filter(
    ({ heard, state }) =>
      state === 'done' && heard.some(({ reply }) => reply.kind === 'error' && reply.code === 'OUTCOME_UNKNOWN'),
  ).length;
}
