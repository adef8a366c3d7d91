/** The store's own server is killed while operations are written to it: what it confirmed is still there. */
import { describe, expect, test } from 'vitest';

import { redisServerMissing } from '../kernel/idempotency/own-redis.ts';
import { COMMITS_WITHOUT_WAITING } from './controls.ts';
import { postgresServerMissing } from './own-postgres.ts';
import { complaintsOf, tally } from './report.ts';
import { countRefused, runWithRestarts } from './restarts.ts';

const RESTARTS = 3;

describe.concurrent('a store that is killed', { timeout: 300_000 }, () => {
  const servers = [
    { store: 'postgres', missing: postgresServerMissing },
    { store: 'redis', missing: redisServerMissing },
  ] as const;
  for (const { store, missing } of servers) {
    test.skipIf(missing !== '')(`${RESTARTS} times, ${store}, has lost nothing${missing}`, async () => {
      const run = await runWithRestarts({ store, restarts: RESTARTS, seed: 1 });
      expect(complaintsOf(run)).toEqual([]);
      expect(countRefused(run)).toBeGreaterThan(0);
    });
  }

  test.skipIf(postgresServerMissing !== '')(
    `is found out where the server does not wait for its commits${postgresServerMissing}`,
    async () => {
      const change = COMMITS_WITHOUT_WAITING;
      const run = await runWithRestarts({ store: 'postgres', restarts: RESTARTS, seed: 2, change });
      // What is lost may be a whole operation, so that it runs again, or only its end.
      expect(run.complaints).not.toEqual([]);
    },
  );

  test.skipIf(redisServerMissing !== '')(
    `is found out where it keeps nothing on disk${redisServerMissing}`,
    async () => {
      const run = await runWithRestarts({ store: 'redis', restarts: 1, seed: 2, forgetful: true });
      expect(tally(run.complaints)).toHaveProperty(['has two effects']);
    },
  );
});
