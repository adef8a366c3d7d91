/** Histories of one process whose calls overlap as fast-check's scheduler lets them. */
import type { Scheduler } from 'fast-check';

import { picking } from '../spelling.ts';
import type { Event } from './linearize.ts';
import { fenceGiven, nextCall, perform, type StoreAccess } from './store-calls.ts';

export interface Schedule {
  readonly key: string;
  /** One for each logical process. */
  readonly accesses: readonly StoreAccess[];
  readonly callsEach: number;
  readonly sendAgain: boolean;
  readonly seed: number;
}

/** Lets each process make its calls; between its start and its end a call waits for its turn, twice. */
export async function runSchedule(scheduler: Scheduler, schedule: Schedule): Promise<readonly Event[]> {
  const { key, accesses, callsEach, sendAgain, seed } = schedule;
  const events: Event[] = [];
  let time = 0;
  let latest = 0;

  async function runProcess(access: StoreAccess, process: number): Promise<void> {
    const pick = picking(seed + process);
    let own = 0;
    for (let count = 0; count < callsEach; count += 1) {
      const call = nextCall({ key, fences: [own, latest], id: `op_${process}_${count}`, sendAgain }, pick);
      const start = (time += 1);
      await scheduler.schedule(Promise.resolve());
      const answer = await perform(access, key, call);
      await scheduler.schedule(Promise.resolve());
      events.push({ process, call, answer, start, end: (time += 1) });
      own = fenceGiven(answer) ?? own;
      latest = fenceGiven(answer) ?? latest;
    }
  }

  const done = Promise.all(accesses.map(runProcess));
  await scheduler.waitFor(done);
  return events;
}
