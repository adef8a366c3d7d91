import { expect, test } from 'vitest';

import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { startRefunds } from '../pipeline/bank.ts';
import { edit, freshPath, passTime, type Running } from '../pipeline/harness.ts';
import { QUARANTINED, refund, refundsAt, refundTool, SET_AGAIN, upstreamsAt } from '../pipeline/refunds.ts';

/** A real store whose one method fails while `down` says so. */
function failing(method: 'begin' | 'markSent' | 'recordOutcome', down: () => boolean) {
  return (store: OperationStore): OperationStore => {
    const work = store[method] as (...given: unknown[]) => Promise<unknown>;
    const faulty = async (...given: unknown[]) => {
      if (down()) throw new StoreUnavailable('the disk is full');
      return work(...given);
    };
    return { ...store, [method]: faulty };
  };
}

test.each(['begin', 'markSent'] as const)(
  'edge case 6: where the store is down at %s, nothing is executed, and the same call may be sent again',
  async (method) => {
    let down = true;
    const bank = await startRefunds();
    const { call } = refundsAt(bank, { wrap: failing(method, () => down) });
    const { error } = await call(refund);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', executed: 'no', retry: 'same_call' });
    expect(bank.writes()).toEqual([]);
    down = false;
    expect((await call(refund)).ok).toBe(true);
  },
);

test('edge case 7: where the store is down when the outcome comes, the caller gets it, and it is recorded later', async () => {
  let down = true;
  const bank = await startRefunds();
  const { call } = refundsAt(bank, { wrap: failing('recordOutcome', () => down) });
  const first = await call(refund);
  expect([first.ok, first.meta]).toEqual([true, { 'hardened-mcp/recorded': false }]);
  expect((await call(refund)).error.code).toBe('IN_PROGRESS');
  down = false;
  await expect.poll(async () => (await call(refund)).text).toBe(first.text);
  expect(bank.effects).toHaveLength(1);
});

test('edge case 7: a store that stays down until the lease ends leaves the operation UNKNOWN', async () => {
  const bank = await startRefunds();
  const { call, logged } = refundsAt(bank, {
    wrap: failing('recordOutcome', () => true),
    settings: { leaseMs: 1_000, upstreams: upstreamsAt(bank) },
  });
  expect((await call(refund)).meta).toEqual({ 'hardened-mcp/recorded': false });
  await expect.poll(() => logged.join()).toContain('was never recorded');
  await expect.poll(async () => (await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect(bank.effects).toHaveLength(1);
});

test.each([
  ['an outcome that is no JSON', `outcome = 'garbage'`],
  ['a result that is no JSON', `outcome = '{"ok":true,"result":"{"}'`],
  ['an outcome that is gone', 'outcome = NULL'],
  ['a state that nobody knows', `state = 'finished'`],
  ['details that are no JSON', `details = '{'`],
  ['details of which a part is missing', `details = json_remove(details, '$.charges')`],
])('edge case 26: %s reads as UNKNOWN, so that nothing is executed again', async (_, poison) => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call, store } = refundsAt(bank, { path });
  await call(refund);
  edit(path, `UPDATE operations SET ${poison}`);
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect(bank.effects).toHaveLength(1);
  const id = error.operation_id ?? '';
  expect(await store.resolve({ id, outcome: null, by: 'operator' })).toBe('resolved');
  expect((await call(refund)).ok).toBe(true);
});

test('edge case 26: a value is set again whatever its row says', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call } = refundsAt(bank, { path, idempotency: SET_AGAIN });
  await call(refund);
  edit(path, `UPDATE operations SET state = 'finished', details = NULL`);
  expect((await call(refund)).ok).toBe(true);
  expect(bank.effects).toHaveLength(2);
});

test('edge case 28: an outcome goes on record with its audit event or not at all', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call, store, calls } = refundsAt(bank, { path });
  edit(path, `CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'full'); END`);
  expect((await call(refund)).meta).toEqual({ 'hardened-mcp/recorded': false });
  expect((await store.findById(calls()[0]?.operation_id ?? ''))?.state).toBe('sent');
  edit(path, 'DROP TRIGGER full');
  await expect.poll(async () => (await call(refund)).ok).toBe(true);
  expect(await store.entries(0, '')).toHaveLength(1);
});

test('edge case 28: an event that its server did not deliver is delivered by another one', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const dying: Running = refundsAt(bank, { path, onAudit: () => dying.kill() });
  await dying.call(refund);
  passTime(path, 60_001);
  const { audit } = refundsAt(bank, { path, settings: { leaseMs: 1_000, upstreams: upstreamsAt(bank) } });
  await expect
    .poll(() => audit)
    .toMatchObject([
      { event: 'tool_call', decision: 'executed', executed: 'yes', subject: 'ada', tool: 'issue_refund' },
    ]);
});

const others = [refundTool({ tool: 'send_letter', policy: { mutability: 'additive' } })];
const LETTER = { name: 'send_letter' };

test('edge case 29: while the store is held, what cannot be undone waits for an operator', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call, store } = refundsAt(bank, { path, others });
  const before = await call(refund);
  expect(await store.hold(true)).toEqual({ number: 2, held: true });
  const { error } = await call({ ...refund, invoice_id: 'inv_2' });
  expect(error).toMatchObject({ code: 'STORE_HELD', category: 'unavailable', executed: 'no', retry: 'same_call' });
  expect((await call(refund)).text).toBe(before.text);
  expect((await call(refund, LETTER)).ok).toBe(true);
  expect(bank.effects).toHaveLength(2);
  await store.hold(false);
  expect((await call({ ...refund, invoice_id: 'inv_2' })).ok).toBe(true);
});

test('edge case 29: what a backup shows as a claim that lapsed may have been finished since, so it is not taken over', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const dying: Running = refundsAt(bank, {
    path,
    wrap: (store) => ({
      ...store,
      markSent: () => {
        dying.kill();
        return new Promise(() => {});
      },
    }),
  });
  void dying.call(refund);
  const { call, store } = refundsAt(bank, { path });
  await expect.poll(async () => (await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, 60_001);
  await store.hold(true);
  expect((await call(refund)).error.code).toBe('STORE_HELD');
  expect(bank.writes()).toEqual([]);
  await store.hold(false);
  expect((await call(refund)).ok).toBe(true);
});

test('edge case 29: a server that runs while its store is restored from a backup holds it by itself', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const { call } = refundsAt(bank, { path, others, idempotency: QUARANTINED });
  await call(refund);
  edit(path, 'DELETE FROM operations; UPDATE fences SET last = 0');
  expect((await call(refund)).error.code).toBe('STORE_HELD');
  expect((await call({ ...refund, invoice_id: 'inv_2' })).error.code).toBe('STORE_HELD');
  expect((await call(refund, LETTER)).ok).toBe(true);
  expect(bank.effects).toHaveLength(2);
});
