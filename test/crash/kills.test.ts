/** Processes of a generated server are killed while they write: no effect twice, no answer lost, no doubt kept quiet. */
import { describe, expect, test } from 'vitest';

import { TAKES_OVER_SENT } from './controls.ts';
import { countKills, runWithKills } from './kills.ts';
import { complaintsOf, tally } from './report.ts';
import { STORES } from './stores.ts';

const KILLS = 200;
const KILLS_THAT_SUFFICE = 40;

for (const { store, missing } of STORES) {
  describe.skipIf(missing !== '')(`on ${store}${missing}`, () => {
    test(`${KILLS} kills make no effect happen twice, and lose none`, { timeout: 180_000 }, async () => {
      const run = await runWithKills({ store, kills: KILLS, seed: 1 });
      expect(complaintsOf(run)).toEqual([]);
      // Kills that hit nothing prove nothing.
      const { kills, inDoubt, executed } = countKills(run);
      expect({ kills, inDoubt: inDoubt / kills >= 0.1, executed: executed / kills >= 0.03 }).toEqual({
        kills: KILLS,
        inDoubt: true,
        executed: true,
      });
    });

    test('a server that runs again what was sent, once its lease has ended, is found out', async () => {
      const run = await runWithKills({ store, kills: KILLS_THAT_SUFFICE, seed: 2, change: TAKES_OVER_SENT });
      expect(tally(run.complaints)).toHaveProperty(['has two effects']);
    }, 60_000);
  });
}

test('kills leave nothing in doubt where sending again is safe', { timeout: 120_000 }, async () => {
  const run = await runWithKills({ store: 'sqlite', mode: 'natural', kills: KILLS_THAT_SUFFICE, seed: 3 });
  expect(complaintsOf(run)).toEqual([]);
  expect(countKills(run).inDoubt).toBeGreaterThan(0);
});
