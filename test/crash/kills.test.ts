/** Processes of a generated server are killed while they write: no effect twice, no answer lost, no doubt kept quiet. */
import { describe, expect, test } from 'vitest';

import { TAKES_OVER_SENT } from './controls.ts';
import { countKills, runWithKills } from './kills.ts';
import { complaintsOf, tally } from './report.ts';
import { STORES } from './stores.ts';

const KILLS = 200;
/** Most kills hit something, so that few suffice to find out a server that is wrong. */
const FEW_KILLS = 25;

describe('kills', { timeout: 300_000 }, () => {
  for (const { store, missing } of STORES) {
    test.skipIf(missing !== '')(`have no effect happen twice, and lose none, on ${store}${missing}`, async () => {
      const run = await runWithKills({ store, kills: KILLS, seed: 1 });
      expect(complaintsOf(run)).toEqual([]);
      // Kills that hit nothing prove nothing.
      const { kills, inDoubt, executed } = countKills(run);
      expect(kills).toBe(KILLS);
      expect(inDoubt / kills).toBeGreaterThanOrEqual(0.1);
      expect(executed / kills).toBeGreaterThanOrEqual(0.03);
    });

    test.skipIf(missing !== '')(`find out a server that runs again what was sent, on ${store}${missing}`, async () => {
      const run = await runWithKills({ store, kills: FEW_KILLS, seed: 2, change: TAKES_OVER_SENT });
      expect(tally(run.complaints)).toHaveProperty(['has two effects']);
    });
  }

  for (const mode of ['natural', 'keyed', 'lookup'] as const) {
    test(`leave nothing in doubt in the mode ${mode}`, async () => {
      const run = await runWithKills({ store: 'sqlite', mode, kills: FEW_KILLS, seed: 3 });
      expect(complaintsOf(run)).toEqual([]);
      expect(countKills(run).executed).toBeGreaterThan(0);
    });
  }
});
