/** Histories of several threads that are at work on one SQLite file at the same time. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { Event } from './linearize.ts';
import type { ThreadData } from './sqlite-process.ts';

export type ThreadsOptions = Omit<ThreadData, 'process' | 'shared'>;

/** One history for each key, `key-0` and so on. */
export async function runThreads(options: ThreadsOptions): Promise<readonly (readonly Event[])[]> {
  const shared = new Int32Array(new SharedArrayBuffer(4 * (2 + options.schedules)));
  const threads = Array.from({ length: options.processes }, (_, process) => runThread({ ...options, process, shared }));
  const histories = await Promise.all(threads);
  return Array.from({ length: options.schedules }, (_, schedule) => histories.flatMap((of) => of[schedule] ?? []));
}

async function runThread(data: ThreadData): Promise<readonly (readonly Event[])[]> {
  const histories: (readonly Event[])[] = [];
  const thread = new Worker(new URL('sqlite-process.ts', import.meta.url), { workerData: data });
  thread.on('message', (events: readonly Event[]) => histories.push(events));
  await once(thread, 'exit');
  return histories;
}
