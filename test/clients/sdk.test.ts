import { expect, test } from 'vitest';

import { atBilling, type Place } from './billing.ts';
import { connectFirst, connectSecond, type Connected } from './sdk.ts';
import { visit } from './visit.ts';

const CLIENTS = [
  ['second', '2026-07-28', (place: Place) => connectSecond(place, 'auto')],
  ['second', '2025-11-25', (place: Place) => connectSecond(place, 'legacy')],
  ['first', '2025-11-25', connectFirst],
] as const;

for (const transport of ['stdio', 'http'] as const) {
  test.each(CLIENTS)(
    `the %s official client lists and calls the tools of a generated server over ${transport} in %s`,
    async (_, revision, connect: (place: Place) => Promise<Connected>) => {
      await atBilling(transport, async (place) => {
        const client = await connect(place);
        try {
          expect(client.revision).toBe(revision);
          await visit(client);
          expect(place.countRefunds()).toBe(1);
        } finally {
          await client.close();
        }
      });
    },
    60_000,
  );
}
