/** The same call, many times at once: one effect, and an answer for everybody. */
import { describe, expect, test } from 'vitest';

import { RUNS_WHAT_RUNS } from './controls.ts';
import { callOnce, type Entry } from './load.ts';
import { complaintsOf, tally } from './report.ts';
import { verdictOn } from './run.ts';
import { setStage, type StageOptions } from './stage.ts';
import { STORES } from './stores.ts';
import { CALM } from './upstream.ts';

const CALLS = 500;
const PROCESSES = 3;
const LEASE_MS = 20_000;

/** The ledger applies nothing until all calls but one have been answered, or a second one has reached it. */
async function callAtOnce(options: Pick<StageOptions, 'store' | 'change'>) {
  const seed = 1;
  const enough = Promise.withResolvers<void>();
  await using stage = await setStage({
    ...options,
    seed,
    leaseMs: LEASE_MS,
    timeoutMs: LEASE_MS,
    processes: PROCESSES,
    conduct: () => ({ ...CALM, held: enough.promise }),
  });
  const entry: Entry = { name: 'e-1', heard: [] };
  let arrived = 0;
  stage.moments.on('arrived', () => {
    arrived += 1;
    if (arrived > 1) enough.resolve();
  });
  const call = async (): Promise<void> => {
    await callOnce(entry, stage.fleet.pick(stage.pick), stage);
    if (entry.heard.length >= CALLS - 1) enough.resolve();
  };
  await Promise.all(Array.from({ length: CALLS }, call));
  const answers = entry.heard.map(({ reply }) => (reply.kind === 'error' ? reply.code : reply.kind));
  return { seed, answers, ...(await verdictOn([entry], stage)) };
}

describe(`${CALLS} equal calls at once to ${PROCESSES} processes`, { timeout: 120_000 }, () => {
  for (const { store, missing } of STORES) {
    test.skipIf(missing !== '')(`have one effect on ${store}${missing}`, async () => {
      const run = await callAtOnce({ store });
      expect(complaintsOf(run)).toEqual([]);
      expect(run.histories).toMatchObject([{ effects: [expect.anything()], state: 'done' }]);
      expect(new Set(run.answers)).toEqual(new Set(['result', 'IN_PROGRESS']));
    });
  }

  test('find out a server to which a call under way is no obstacle', async () => {
    const run = await callAtOnce({ store: 'sqlite', change: RUNS_WHAT_RUNS });
    expect(tally(run.complaints)).toHaveProperty(['has two effects']);
  });
});
