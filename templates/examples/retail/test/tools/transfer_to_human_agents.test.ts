import { expect, test } from 'vitest';

import { database } from '../../src/retail/database.ts';
import { handler } from '../../src/tools/transfer_to_human_agents.ts';
import { context, openShop } from '../retail/shop.ts';

openShop();

test('every hand-over is filed for a person', async () => {
  expect(await handler({ summary: 'first' }, context)).toEqual({ message: 'Transfer successful', handoff_id: 1 });
  expect(await handler({ summary: 'second' }, context)).toEqual({ message: 'Transfer successful', handoff_id: 2 });
  const rows = database().prepare('SELECT summary FROM handoffs ORDER BY id').all();
  expect(rows.map((row) => row['summary'])).toEqual(['first', 'second']);
});
