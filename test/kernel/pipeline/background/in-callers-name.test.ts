/** Upstreams that are called in the caller's name: while nobody is there, nothing is sent to them. */
import { expect, test } from 'vitest';

import type { Settings } from '../../../../templates/kernel/settings.ts';
import { startRefunds, type Bank } from '../bank.ts';
import { freshPath, passTime } from '../harness.ts';
import { KEYED, LOOKED_UP, LOOKUP, refund, upstreamsAt, type RefundOptions } from '../refunds.ts';
import { leaveDoubt, watch, withoutPauses } from './watching.ts';

withoutPauses();

/** Takes a call's credential only from a caller who is there. */
function inCallersName(bank: Bank): Settings['upstreams'] {
  const upstreams = [...upstreamsAt(bank)];
  return new Map(upstreams.map(([name, upstream]) => [name, { ...upstream, actsForCaller: true as const }]));
}

test.each<[string, RefundOptions]>([
  ['sent again', { idempotency: KEYED }],
  ['looked up', { idempotency: LOOKED_UP }],
])('what could be %s waits for its caller, without a word, and stays as it is', async (_, options) => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const id = await leaveDoubt(bank, { path, ...options });
  passTime(path, LOOKUP.settleMs + 1);
  const settings = { leaseMs: 1_000, upstreams: inCallersName(bank) };
  const { call, rounds, conclusions, store } = watch(bank, { path, ...options, settings });
  const before = await store.findById(id);
  await rounds(2);
  expect([bank.writes().length, bank.reads().length, conclusions()]).toEqual([1, 0, []]);
  expect(await store.findById(id)).toEqual(before);
  expect(before?.state).toBe('unknown');
  expect((await call(refund)).ok).toBe(true);
  expect(bank.effects).toHaveLength(1);
});
