import { expect, test } from 'vitest';

import { startRefunds } from '../pipeline/bank.ts';
import { ada, freshPath, run } from '../pipeline/harness.ts';
import { refund, refundsAt, refundTool, upstreamsAt } from '../pipeline/refunds.ts';

const bob = { ...ada, subject: 'bob' };
const other = { ...ada, tenant: 'other' };
const { tenant: _, ...homeless } = ada;
const STATUS = { name: 'get_operation_status' };

test('edge case 10: another caller has an operation of their own, and learns nothing of the first one', async () => {
  const bank = await startRefunds();
  const { call, calls } = refundsAt(bank);
  const first = await call(refund);
  const absent = await call({ operation_id: `op_${'0'.repeat(32)}` }, STATUS);
  for (const caller of [bob, other, homeless]) {
    // Neither a replay nor a conflict: as if nobody had asked before.
    const reply = await call({ ...refund, amount: 6 }, { caller });
    expect(reply).toMatchObject({ ok: true, meta: undefined });
    expect(reply.text).not.toBe(first.text);
    const { error } = await call({ operation_id: calls()[0]?.operation_id }, { ...STATUS, caller });
    expect({ ...error, operation_id: '' }).toEqual({ ...absent.error, operation_id: '' });
  }
  expect(bank.effects).toHaveLength(4);
});

test('edge case 11: a caller whose rights were revoked gets no replay', async () => {
  const bank = await startRefunds();
  const { call } = refundsAt(bank, { policy: { scopes: ['refunds:write'], roles: ['support'] } });
  const { text } = await call(refund);
  for (const [caller, code] of [
    [{ ...ada, scopes: new Set(['read']) }, 'SCOPE_MISSING'],
    [{ ...ada, roles: new Set<string>() }, 'ROLE_MISSING'],
  ] as const) {
    const refused = await call(refund, { caller });
    expect(refused.error).toMatchObject({ code, category: 'permission_denied', executed: 'no' });
    expect(refused.error).not.toHaveProperty('operation_id');
    expect(refused.text).not.toContain('re_1');
  }
  expect((await call(refund)).text).toBe(text);
});

test('edge case 11: where writes were turned off there is no replay either', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  await refundsAt(bank, { path }).call(refund);
  const off = refundsAt(bank, { path, settings: { writes: false, upstreams: upstreamsAt(bank) } });
  expect((await off.call(refund)).error.code).toBe('WRITES_DISABLED');
});

test('edge case 13: the same key under another tool is another operation', async () => {
  const bank = await startRefunds();
  const { call } = refundsAt(bank, { others: [refundTool({ tool: 'void_invoice' })] });
  const [first, second] = [await call(refund), await call(refund, { name: 'void_invoice' })];
  expect([first.meta, second.meta]).toEqual([undefined, undefined]);
  expect(bank.effects).toHaveLength(2);
  const [one, two] = bank.writes().map(({ headers }) => headers['idempotency-key']);
  expect(one).not.toBe(two);
});

const approval = {
  by: 'approver',
  scope: 'refunds:approve',
  expiresMs: 60_000,
  summary: { parts: ['Refund'] },
} as const;

test('edge case 22: a yes is good for the one who asked, for what they asked, once', async () => {
  const bank = await startRefunds();
  const { call, store } = refundsAt(bank, { policy: { approval } });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'APPROVAL_REQUIRED', category: 'approval_required', retry: 'after_approval' });
  const id = error.operation_id ?? '';
  expect((await call(refund)).error).toMatchObject({ code: 'APPROVAL_REQUIRED', operation_id: id });
  expect(await store.decide({ id, approve: true, by: 'ada' })).toBe('own');
  expect(await store.decide({ id, approve: true, by: 'bo' })).toBe('decided');
  for (const caller of [bob, other, homeless]) {
    expect((await call(refund, { caller })).error.code).toBe('APPROVAL_REQUIRED');
  }
  expect((await call({ ...refund, invoice_id: 'inv_2' })).error.code).toBe('APPROVAL_REQUIRED');
  expect(bank.effects).toEqual([]);
  const replies = await Promise.all([call(refund), call(refund), call(refund)]);
  expect(replies.filter(({ ok, meta }) => ok && meta === undefined)).toHaveLength(1);
  expect((await call(refund)).meta).toEqual({ 'hardened-mcp/replayed': true });
  expect(bank.effects).toHaveLength(1);
});

test('edge case 22: other arguments under the same key need a yes of their own', async () => {
  const bank = await startRefunds();
  const { call, store } = refundsAt(bank, { policy: { approval } });
  const { error } = await call(refund);
  await store.decide({ id: error.operation_id ?? '', approve: true, by: 'bo' });
  const changed = await call({ ...refund, amount: 5_000 });
  expect(changed.error.code).toBe('APPROVAL_REQUIRED');
  expect(changed.error.operation_id).not.toBe(error.operation_id);
  expect((await call({ ...refund, amount: 5_000 })).error.code).toBe('APPROVAL_REQUIRED');
  expect(bank.effects).toEqual([]);
});

test('edge case 27: two servers and two environments in one store never meet', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call, calls } = refundsAt(bank, { path });
  await call(refund);
  const id = calls()[0]?.operation_id;
  for (const about of [{ name: 'refund' }, { settings: { environment: 'production' } }]) {
    const settings = { upstreams: upstreamsAt(bank), ...about.settings };
    const tools = [refundTool({ policy: { caps: { perDay: 1, per: 'server' } } })];
    const stranger = run({ ...about, path, settings, tools });
    expect(await stranger.call({ ...refund, amount: 6 })).toMatchObject({ ok: true, meta: undefined });
    expect((await stranger.call({ operation_id: id }, STATUS)).error.code).toBe('OPERATION_NOT_FOUND');
  }
  expect(bank.effects).toHaveLength(3);
  expect(new Set(bank.writes().map(({ headers }) => headers['idempotency-key'])).size).toBe(3);
});
