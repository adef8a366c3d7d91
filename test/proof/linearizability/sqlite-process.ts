/** A thread with a connection of its own to one SQLite file, at work on one key after another beside the others. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { picking } from '../spelling.ts';
import { AFTER_UNKNOWN } from './after-unknown.ts';
import { ignoringFences } from './faulty-stores.ts';
import type { Event } from './linearize.ts';
import { runProcess } from './run-process.ts';

export interface ThreadData {
  readonly path: string;
  readonly process: number;
  readonly processes: number;
  readonly schedules: number;
  readonly callsEach: number;
  readonly seed: number;
  /** The control: no fence is compared. */
  readonly ignoresFences?: boolean;
  /** Shared by all threads: a clock, how many came to the barrier so far, and each key's latest fence. */
  readonly shared: Int32Array;
}

const CLOCK = 0;
const ARRIVED = 1;
const LATEST_FENCES = 2;

const PAUSE = new Int32Array(new SharedArrayBuffer(4));
const LONGEST_PAUSE_MS = 4;

// The starter of this thread gave it just this.
const data = workerData as ThreadData;
const { path, process, processes, schedules, callsEach, seed, ignoresFences = false, shared } = data;

const store = openSqliteStore({ path, retentionMs: 86_400_000 });
const database = new DatabaseSync(path);
database.exec('PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL');
const lapse = database.prepare('UPDATE operations SET lease_until = 0 WHERE key = ?');
const expire = async (key: string) => void lapse.run(key);

for (let schedule = 0; schedule < schedules; schedule += 1) {
  meet(schedule);
  parentPort?.postMessage(await work(schedule), []);
}
await store.close();
database.close();

/** Nobody goes on to the next key before all are done with this one. */
function meet(schedule: number): void {
  const all = processes * (schedule + 1);
  Atomics.add(shared, ARRIVED, 1);
  Atomics.notify(shared, ARRIVED);
  for (let arrived = Atomics.load(shared, ARRIVED); arrived < all; arrived = Atomics.load(shared, ARRIVED)) {
    Atomics.wait(shared, ARRIVED, arrived);
  }
}

function work(schedule: number): Promise<readonly Event[]> {
  const pick = picking(seed + schedule * processes + process);
  const readLatestFence = () => Atomics.load(shared, LATEST_FENCES + schedule);
  return runProcess({
    process,
    key: `key-${schedule}`,
    access: { store: ignoresFences ? ignoringFences(store, readLatestFence) : store, expire },
    callsEach,
    afterUnknown: AFTER_UNKNOWN[schedule % 3] ?? { kind: 'quarantine' },
    pick,
    shared: {
      tick: () => Atomics.add(shared, CLOCK, 1),
      readLatestFence,
      writeLatestFence: (fence) => Atomics.store(shared, LATEST_FENCES + schedule, fence),
    },
    // Without it, whoever got the file's lock would make all its calls before the others wake up.
    pause: async () => void Atomics.wait(PAUSE, 0, 0, pick(LONGEST_PAUSE_MS)),
  });
}
