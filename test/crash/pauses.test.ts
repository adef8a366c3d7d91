/** Processes of a generated server are stopped in the middle of a write, and go on when others have given them up. */
import { describe, expect, test } from 'vitest';

import { TAKES_OVER_SENT } from './controls.ts';
import { countLate, runWithPauses } from './pauses.ts';
import { complaintsOf, tally } from './report.ts';
import { STORES } from './stores.ts';

const PAUSES = 25;

// Most of the time is waiting, which can be done together.
describe.concurrent('pauses', { timeout: 300_000 }, () => {
  for (const { store, missing } of STORES) {
    test.skipIf(missing !== '')(`${PAUSES} beyond the lease end in the truth on ${store}${missing}`, async () => {
      const run = await runWithPauses({ store, pauses: PAUSES, seed: 1 });
      expect(complaintsOf(run)).toEqual([]);
      expect(run.histories.filter(({ state }) => state !== 'done')).toEqual([]);
      expect(countLate(run)).toBeGreaterThan(0);
    });
  }

  test('find out a server that runs again what was sent, once its lease has ended', async () => {
    const run = await runWithPauses({ store: 'sqlite', pauses: 10, seed: 2, change: TAKES_OVER_SENT });
    expect(tally(run.complaints)).toHaveProperty(['has two effects']);
  });
});
