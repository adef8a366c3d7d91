/** Midnight passes while a call is on its way to its claim. */
import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { startRefunds } from './bank.ts';
import { refund, refundsAt } from './refunds.ts';

const DAILY: IdempotencyPolicy = {
  strategy: 'derived-key',
  key: [args('/invoice_id')],
  recovery: 'quarantine',
  occurrence: { every: 'day', timezone: 'UTC' },
};

const BEFORE = Date.parse('2026-11-20T23:59:59Z');
/** The day before is looked for no more. */
const AFTER = Date.parse('2026-11-21T00:16:00Z');

/** The times that the store's clock shows, one after the other, then the last one for ever. */
async function startAt(times: number[]) {
  const bank = await startRefunds();
  const now = async (): Promise<number> => (times.length > 1 ? times.shift() : times[0]) ?? Number.NaN;
  return { bank, ...refundsAt(bank, { idempotency: DAILY, wrap: (store) => ({ ...store, now }) }) };
}

test('a call that is claimed on the next day belongs to that day', async () => {
  const { bank, call, store } = await startAt([BEFORE, AFTER]);
  const first = await call(refund);
  expect(first.error).toEqual({});
  expect(await call(refund)).toMatchObject({ text: first.text, meta: { 'hardened-mcp/replayed': true } });
  expect(bank.effects).toHaveLength(1);
  expect(await store.list({ shelf: 'open', idPrefix: 'op_', limit: 10 })).toEqual([]);
});

test('a repeat that is looked for before midnight gets its answer after it', async () => {
  const { bank, call } = await startAt([BEFORE, BEFORE, BEFORE, AFTER]);
  const first = await call(refund);
  expect(await call(refund)).toMatchObject({ text: first.text, meta: { 'hardened-mcp/replayed': true } });
  expect(bank.effects).toHaveLength(1);
});
