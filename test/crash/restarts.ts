/** Kills the server that operations are kept in while they are written, and starts it again. */
import { once } from 'node:events';

import { anyMoment } from './moments.ts';
import { startOwnPostgres } from './own-postgres.ts';
import { startOwnRedis } from './own-redis.ts';
import type { OwnServer } from './own-server.ts';
import { run, type Run, type RunOptions } from './run.ts';
import type { Stage } from './stage.ts';
import { slow } from './upstream.ts';

export interface RestartOptions extends Pick<RunOptions<number>, 'mode' | 'seed' | 'change'> {
  readonly store: 'postgres' | 'redis';
  readonly restarts: number;
  /** A Redis that keeps nothing on disk, which must be found out. */
  readonly forgetful?: boolean;
}

/** Long enough for what was sent to be recorded when the store is back. */
const LEASE_MS = 2_000;
const TIMEOUT_MS = 2_000;
/** Answers of the ledger between two crashes: then the load is under way again. */
const ANSWERS_BETWEEN = 25;

export async function runWithRestarts({
  restarts,
  forgetful = false,
  ...options
}: RestartOptions): Promise<Run<number>> {
  const server = options.store === 'postgres' ? await startOwnPostgres() : await startOwnRedis({ durable: !forgetful });
  return run({
    ...options,
    conduct: slow,
    leaseMs: LEASE_MS,
    timeoutMs: TIMEOUT_MS,
    place: async () => server.place,
    disturb: (stage) => restart(restarts, server, stage),
  });
}

async function restart(restarts: number, server: OwnServer, { moments, pick }: Stage): Promise<number> {
  for (let count = 0; count < restarts; count += 1) {
    for (let answers = 0; answers < ANSWERS_BETWEEN; answers += 1) await once(moments, 'answered');
    await anyMoment(moments, pick);
    await server.kill();
    await server.start();
  }
  return restarts;
}

/** Calls that were refused because the store did not answer. */
export function countRefused({ histories }: Run<unknown>): number {
  const replies = histories.flatMap(({ heard }) => heard.map(({ reply }) => reply));
  return replies.filter((reply) => reply.kind === 'error' && reply.code === 'STORE_UNAVAILABLE').length;
}
