/** The history of several processes that are in truth one: their calls overlap as `travel` or the store lets them. */
import { picking } from '../spelling.ts';
import type { Event } from './linearize.ts';
import type { StoreAccess } from './perform.ts';
import { runProcess, type ProcessOptions, type Shared } from './run-process.ts';

export interface TogetherOptions extends Pick<ProcessOptions, 'key' | 'callsEach' | 'afterUnknown' | 'travel'> {
  /** One for each process. */
  readonly accesses: readonly StoreAccess[];
  readonly seed: number;
}

export async function runTogether({ accesses, seed, ...options }: TogetherOptions): Promise<readonly Event[]> {
  let time = 0;
  let latest = 0;
  const shared: Shared = {
    tick: () => (time += 1),
    readLatestFence: () => latest,
    writeLatestFence: (fence) => (latest = fence),
  };
  const processes = accesses.map((access, process) =>
    runProcess({ ...options, access, process, shared, pick: picking(seed + process) }),
  );
  return (await Promise.all(processes)).flat();
}
