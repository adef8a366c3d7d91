/** Upstreams that are called in the caller's name: while nobody is there, nothing is sent to them. */
import { expect, test } from 'vitest';

import type { Settings } from '../../../../templates/kernel/settings.ts';
import { startRefunds, type Bank } from '../bank.ts';
import { freshPath, passTime, toolOf } from '../harness.ts';
import {
  byInvoice,
  KEYED,
  LOOKED_UP,
  LOOKUP,
  refund,
  refundsAt,
  UPSTREAM_KEY,
  upstreamsAt,
  type RefundOptions,
} from '../refunds.ts';
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

/** Two upstreams at the same place, one of which takes a credential only from a caller who is there. */
function besides(bank: Bank): Settings['upstreams'] {
  const [plain] = upstreamsAt(bank).values();
  if (plain === undefined) throw new Error('no upstream');
  return new Map([
    ['api', plain],
    ['named', { ...plain, actsForCaller: true as const }],
  ]);
}

test('what is looked up in the caller’s name is not sent again before that, though it could be', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const lookup = { ...LOOKUP, request: { ...LOOKUP.request, upstream: 'named' } };
  const idempotency = byInvoice({ recovery: 'resend', upstreamKey: UPSTREAM_KEY, lookup });
  const settings = { leaseMs: 1_000, upstreams: besides(bank) };
  const id = await leaveDoubt(bank, { path, idempotency, settings });
  passTime(path, LOOKUP.settleMs + 1);
  const { rounds, stateOf } = watch(bank, { path, idempotency, settings });
  await rounds(2);
  expect([await stateOf(id), bank.writes().length, bank.reads().length]).toEqual(['unknown', 1, 0]);
});

test.each([
  ['may send to one that acts in its caller’s name waits for its caller', besides, 1],
  ['may send to none such runs again', (bank: Bank) => new Map(upstreamsAt(bank)), 2],
])('a handler that %s', async (_, upstreamsOf, expected) => {
  const path = freshPath();
  const bank = await startRefunds();
  const settings = { leaseMs: 1_000, upstreams: upstreamsOf(bank) };
  let runs = 0;
  const handler = () => {
    runs += 1;
    if (runs === 1) throw new Error('a bug');
    return null;
  };
  const others = [toolOf(handler, { name: 'by_hand', policy: { idempotency: KEYED } })];
  const first = refundsAt(bank, { path, settings, others });
  await first.call(refund, { name: 'by_hand' });
  first.kill();
  const { rounds } = watch(bank, { path, settings, others });
  await rounds(1);
  expect(runs).toBe(expected);
});
