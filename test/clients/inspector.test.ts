import { beforeAll, expect, test } from 'vitest';

import { atBilling } from './billing.ts';
import { inspectorAt, installInspector } from './inspector.ts';
import { visit } from './visit.ts';

beforeAll(installInspector, 240_000);

for (const transport of ['stdio', 'http'] as const) {
  test.each(['legacy', 'modern'] as const)(
    `the Inspector lists and calls the tools of a generated server over ${transport} (%s era)`,
    (era) =>
      atBilling(transport, async (place) => {
        await visit(inspectorAt(place, era));
        expect(place.countRefunds()).toBe(1);
      }),
    120_000,
  );

  test(`the Inspector finds out by itself that the era is the modern one over ${transport}`, async () => {
    await atBilling(transport, async (place) => {
      const { _meta: meta } = await inspectorAt(place, 'auto').callTool('get_invoice', { invoice_id: 'inv_4821abcd' });
      // Before 2026-07-28 no result said whose it was.
      expect(meta?.['io.modelcontextprotocol/serverInfo']).toMatchObject({ name: 'billing' });
    });
  }, 60_000);
}
