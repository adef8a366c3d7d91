import { describe, expect, test } from 'vitest';

import { args, text } from '../../../templates/kernel/expression.ts';
import type { WriteCaps } from '../../../templates/kernel/policy.ts';
import { startBank, startRefunds, type Bank } from './bank.ts';
import { ada, edit, freshPath, run } from './harness.ts';
import { get, refund, refundsAt, refundTool, SET_AGAIN, upstreamsAt, type RefundOptions } from './refunds.ts';

const of = (invoice: number) => ({ ...refund, invoice_id: `inv_${invoice}` });

function capped(bank: Pick<Bank, 'url'>, caps: WriteCaps, options: RefundOptions = {}) {
  return refundsAt(bank, { ...options, policy: { caps, ...options.policy } });
}

test.each([
  [{ perRun: 2 }, 'in one session', null],
  [{ perHour: 2 }, 'in an hour', 3_600_000],
  [{ perDay: 2 }, 'in a day', 86_400_000],
] as const)('of %j the third write is refused, and nothing is sent', async (caps, window, longestWait) => {
  const bank = await startRefunds();
  const { call, store, calls } = capped(bank, { ...caps, per: 'principal' });
  expect([await call(of(1)), await call(of(2))]).toMatchObject([{ ok: true }, { ok: true }]);
  const { error } = await call(of(3));
  expect(error).toMatchObject({ code: 'WRITE_CAP_EXCEEDED', category: 'cap_exceeded', retry: 'never', executed: 'no' });
  expect(error.message).toBe(
    `issue_refund reached its cap of 2 writes ${window}, so nothing was executed. Tell the person; do not look for another way.`,
  );
  const { retry_after_ms: wait = null } = error;
  expect(wait === null ? longestWait : wait > 0 && wait <= (longestWait ?? 0)).toBe(longestWait === null ? null : true);
  expect(bank.effects).toHaveLength(2);
  expect(await store.findById(calls().at(-1)?.operation_id ?? '')).toBeUndefined();
});

test('parallel calls over two servers do not pass a cap', async () => {
  const bank = await startRefunds();
  const path = freshPath();
  const servers = [1, 2].map(() => capped(bank, { perDay: 3, per: 'principal' }, { path }));
  const replies = await Promise.all(
    Array.from({ length: 12 }, (_, index) => servers[index % 2]?.call(of(index)) ?? Promise.reject(new Error())),
  );
  expect(replies.filter(({ ok }) => ok)).toHaveLength(3);
  expect(bank.effects).toHaveLength(3);
});

test('a run is counted by itself, an hour over all runs', async () => {
  const bank = await startRefunds();
  const { call } = capped(bank, { perRun: 1, perHour: 2, per: 'principal' });
  const inRun = (name: string) => ({ caller: { ...ada, run: name } });
  expect((await call(of(1), inRun('a'))).ok).toBe(true);
  expect((await call(of(2), inRun('a'))).error.message).toContain('in one session');
  expect((await call(of(3), inRun('b'))).ok).toBe(true);
  expect((await call(of(4), inRun('c'))).error.message).toContain('in an hour');
});

const bob = { ...ada, subject: 'bob' };
const other = { ...ada, tenant: 'other' };
const { tenant: _, ...homeless } = ada;

const COUNTED = [
  ['principal', [true, true, true, false]],
  ['tenant', [false, true, true, false]],
  ['server', [false, false, false, false]],
] as const;

describe.each(['perRun', 'perHour', 'perDay'] as const)('%s', (cap) => {
  test.each(COUNTED)('is counted per %s', async (per, expected) => {
    const bank = await startRefunds();
    const { call } = capped(bank, { [cap]: 1, per });
    await call(of(1));
    const replies = [];
    for (const caller of [bob, other, homeless, ada]) replies.push((await call(of(2), { caller })).ok);
    expect(replies).toEqual(expected);
  });
});

test('a tool has its own count, and all writes of a server one together; another environment has its own', async () => {
  const bank = await startRefunds();
  const path = freshPath();
  const settings = { upstreams: upstreamsAt(bank) };
  const tools = ['issue_refund', 'void_invoice', 'send_letter'].map((tool) =>
    refundTool({ tool, policy: { caps: { perDay: 1, per: 'principal' } } }),
  );
  const limits = { writes: { perDay: 2, per: 'principal' } } as const;
  const { call } = run({ path, tools, limits, settings });
  expect((await call(of(1))).ok).toBe(true);
  expect((await call(of(2))).error.message).toContain('cap of 1 writes');
  expect((await call(of(1), { name: 'void_invoice' })).ok).toBe(true);
  expect((await call(of(1), { name: 'send_letter' })).error.message).toContain('cap of 2 writes');
  const elsewhere = run({ path, tools, limits, settings: { ...settings, environment: 'staging' } });
  expect((await elsewhere.call(of(1))).ok).toBe(true);
});

test('a replay consumes nothing, nor does a call that is refused', async () => {
  const bank = await startRefunds();
  const isOpen = { value: args('/amount'), equals: 5 };
  const preconditions = [{ request: get('invoices'), require: [isOpen], code: 'CLOSED', message: text() }];
  const { call } = capped(bank, { perDay: 2, per: 'principal' }, { preconditions });
  await call(of(1));
  for (const _ of [1, 2, 3]) expect((await call(of(1))).meta).toEqual({ 'hardened-mcp/replayed': true });
  expect((await call({ ...of(1), amount: 6 })).error.code).toBe('IDEMPOTENCY_CONFLICT');
  expect((await call({ invoice_id: 'inv_2' })).error.code).toBe('INVALID_ARGUMENTS');
  expect((await call(of(2), { caller: { ...ada, scopes: new Set() } })).error.code).toBe('SCOPE_MISSING');
  expect((await call({ ...of(2), amount: 6 })).error.code).toBe('CLOSED');
  expect((await call(of(2))).ok).toBe(true);
  expect((await call(of(3))).error.code).toBe('WRITE_CAP_EXCEEDED');
});

test('what was not executed gives its count back', async () => {
  let refuses = true;
  const bank = await startBank(() => (refuses ? { status: 422 } : { status: 200, body: { id: 're_1' } }));
  const { call } = capped(bank, { perRun: 1, perHour: 1, perDay: 1, per: 'principal' });
  for (const invoice of [1, 2, 3]) expect((await call(of(invoice))).error.code).toBe('UPSTREAM_REJECTED_ARGUMENTS');
  refuses = false;
  expect((await call(of(4))).ok).toBe(true);
  expect((await call(of(5))).error.code).toBe('WRITE_CAP_EXCEEDED');
});

test('what may have been executed stays counted', async () => {
  const bank = await startRefunds({ lose: 1 });
  const { call } = capped(bank, { perDay: 1, per: 'principal' });
  expect((await call(of(1))).error.code).toBe('OUTCOME_UNKNOWN');
  expect((await call(of(2))).error.code).toBe('WRITE_CAP_EXCEEDED');
});

test('what was UNKNOWN and did not happen gives its count back', async () => {
  const bank = await startRefunds({ lose: 1 });
  const { call, store } = capped(bank, { perDay: 1, per: 'principal' });
  const { error } = await call(of(1));
  await store.resolve({ id: error.operation_id ?? '', outcome: null, by: 'operator' });
  expect((await call(of(2))).ok).toBe(true);
});

test('a value that is set again counts again, but not where it goes on from doubt', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1 });
  const { call } = capped(bank, { perDay: 2, per: 'principal' }, { path, idempotency: SET_AGAIN });
  expect((await call(of(1))).error.executed).toBe('unknown');
  expect((await call(of(1))).ok).toBe(true);
  expect((await call(of(1))).ok).toBe(true);
  expect((await call(of(1))).error.code).toBe('WRITE_CAP_EXCEEDED');
});

test('with the next window the count begins anew', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call } = capped(bank, { perHour: 1, per: 'principal' }, { path });
  await call(of(1));
  expect((await call(of(2))).error.code).toBe('WRITE_CAP_EXCEEDED');
  // The counter carries its window in its name; as the counter of another hour it counts for nothing.
  edit(
    path,
    `UPDATE counters SET name = substr(name, 1, instr(name, ':')) || (substr(name, instr(name, ':') + 1) - 1)`,
  );
  expect((await call(of(2))).ok).toBe(true);
});

test('where an approval waits, nothing is counted before it is given', async () => {
  const bank = await startRefunds();
  const approval = { by: 'approver', scope: 'approve', expiresMs: 60_000, summary: { parts: ['Refund'] } } as const;
  const { call, store } = capped(bank, { perDay: 1, per: 'principal' }, { policy: { approval } });
  const ids = [];
  for (const invoice of [1, 2]) ids.push((await call(of(invoice))).error.operation_id ?? '');
  for (const id of ids) expect(await store.decide({ id, approve: true, by: 'bo' })).toBe('decided');
  expect((await call(of(1))).ok).toBe(true);
  expect((await call(of(2))).error.code).toBe('WRITE_CAP_EXCEEDED');
  expect((await store.findById(ids[1] ?? ''))?.state).toBe('approved');
});
