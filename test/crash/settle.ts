/** The last call for every entry, when all is well again: it says what is told of the entry from now on. */
import { setTimeout as sleep } from 'node:timers/promises';

import { callOnce, type Entry } from './load.ts';
import type { Mode } from './manifest.ts';
import type { Stage } from './stage.ts';
import type { Reply } from './worker.ts';

const AT_ONCE = 32;
/** More than any lease, look-up or store that comes back can take. */
const TRIES = 200;
const PAUSE_MS = 50;

export async function settleAll(
  entries: readonly Entry[],
  { mode, ...options }: Pick<Stage, 'fleet' | 'upstream' | 'moments' | 'pick' | 'mode'>,
): Promise<void> {
  const rest = entries.values();
  const settleNext = async (): Promise<void> => {
    for (const entry of rest) {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const reply = await callOnce(entry, options.fleet.pick(options.pick), options);
        const pauseMs = pauseAfter(reply, mode);
        if (pauseMs === undefined) break;
        await sleep(pauseMs);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, settleNext));
}

/** Where there is a way out of not knowing, it is waited for. */
function pauseAfter(reply: Reply, mode: Mode): number | undefined {
  if (reply.kind !== 'error') return undefined;
  if (reply.executed === 'unknown' && mode !== 'quarantine') return PAUSE_MS;
  return reply.again && Math.max(PAUSE_MS, reply.again.afterMs);
}
