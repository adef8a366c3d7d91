import { expect, test, vi } from 'vitest';

import { principalSubject, principalTenant, text } from '../../../../templates/kernel/expression.ts';
import { StoreUnavailable } from '../../../../templates/kernel/idempotency/store.ts';
import { startBank, startRefunds, type BankReply } from '../bank.ts';
import { ada, freshPath, passTime, READ_POLICY, toolOf } from '../harness.ts';
import {
  byInvoice,
  KEYED,
  LOOKUP,
  QUARANTINED,
  refund,
  refundsAt,
  refundTool,
  SET_AGAIN,
  UPSTREAM_KEY,
  upstreamsAt,
} from '../refunds.ts';
import { leaveDoubt, watch, withoutPauses } from './watching.ts';

withoutPauses();

const WINDOW_MS = UPSTREAM_KEY.retentionMs - 5 * 60_000;

test('what got lost is sent again: same key, same bytes, one effect, before anybody asks', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  const { stateOf, call, conclusions } = watch(bank, { path, idempotency: KEYED });
  await expect.poll(() => stateOf(id)).toBe('done');
  const [sent, again, ...more] = bank.writes();
  expect([again?.body, again?.headers, more]).toEqual([sent?.body, sent?.headers, []]);
  expect(await call(refund)).toMatchObject({ text: '{"id":"re_1"}', meta: { 'hardened-mcp/replayed': true } });
  expect(bank.effects).toHaveLength(1);
  expect(conclusions()).toMatchObject([{ by: 'resend', state: 'done', executed: 'yes', operation_id: id }]);
});

test.each([
  ['of a tenant', ada],
  ['of none', { ...ada, tenant: undefined }],
])('it is sent in the name of the one who asked, %s', async (_, { tenant, ...whoever }) => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const request = { body: { by: principalSubject, of: principalTenant } };
  const caller = { ...whoever, ...(tenant !== undefined && { tenant }) };
  const id = await leaveDoubt(bank, { path, idempotency: KEYED, request, caller });
  const { stateOf } = watch(bank, { path, idempotency: KEYED, request });
  await expect.poll(() => stateOf(id)).toBe('done');
  const body = JSON.stringify({ by: 'ada', of: tenant });
  expect(bank.writes().map((write) => write.body)).toEqual([body, body]);
});

test('what was sent again and arrived is not looked up', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const idempotency = byInvoice({ recovery: 'resend', upstreamKey: UPSTREAM_KEY, lookup: LOOKUP });
  const id = await leaveDoubt(bank, { path, idempotency });
  passTime(path, LOOKUP.settleMs + 1);
  const { stateOf, rounds } = watch(bank, { path, idempotency });
  await rounds(1);
  expect([await stateOf(id), bank.writes().length, bank.reads().length]).toEqual(['done', 2, 0]);
});

test('what gets lost each time is sent less and less often', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 9, keyed: true });
  await leaveDoubt(bank, { path, idempotency: KEYED });
  // The longest pauses: a second, then two.
  vi.spyOn(Math, 'random').mockReturnValue(1);
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const settings = { leaseMs: 400, upstreams: upstreamsAt(bank) };
  const { rounds } = watch(bank, { path, idempotency: KEYED, settings });
  const writes = [];
  for (const passed of [0, 999, 1, 1_999, 1]) {
    now += passed;
    await rounds(1);
    writes.push(bank.writes().length);
  }
  expect(writes).toEqual([2, 2, 3, 3, 4]);
});

test('what would be another request by now is not sent, and nothing is told', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  const request = { body: { note: text('v2') } };
  const { stateOf, rounds, conclusions, logged } = watch(bank, { path, idempotency: KEYED, request });
  await rounds(2);
  expect([await stateOf(id), bank.writes().length, conclusions(), logged]).toEqual(['unknown', 1, [], []]);
});

test.each([
  ['reads by now', [toolOf(() => null, { policy: READ_POLICY })]],
  ['is gone', []],
])('where the tool %s, its operations are left for a person, without a word', async (_, others) => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  const { stateOf, rounds, conclusions, logged } = watch(bank, {
    path,
    idempotency: KEYED,
    tool: 'void_invoice',
    others,
  });
  await rounds(2);
  expect([await stateOf(id), bank.writes().length, conclusions(), logged]).toEqual(['unknown', 1, [], []]);
});

test('while it gets lost, it is sent again and again, and the doubt stays', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 3, keyed: true });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  const { stateOf } = watch(bank, { path, idempotency: KEYED });
  await expect.poll(() => stateOf(id)).toBe('done');
  expect([bank.writes().length, bank.effects.length]).toEqual([4, 1]);
});

test('once the upstream may have forgotten the key, nothing is sent', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  passTime(path, WINDOW_MS);
  const { stateOf, rounds } = watch(bank, { path, idempotency: KEYED });
  await rounds(2);
  expect(await stateOf(id)).toBe('unknown');
  expect(bank.writes()).toHaveLength(1);
});

test('once the window is over, what can be looked up is looked up', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const idempotency = byInvoice({ recovery: 'resend', upstreamKey: UPSTREAM_KEY, lookup: LOOKUP });
  const id = await leaveDoubt(bank, { path, idempotency });
  passTime(path, WINDOW_MS);
  const { stateOf } = watch(bank, { path, idempotency });
  await expect.poll(() => stateOf(id)).toBe('done');
  expect([bank.writes().length, bank.reads().length]).toEqual([1, 1]);
});

test('a server whose writes are off sends nothing, and looks nothing up', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const idempotency = byInvoice({ recovery: 'resend', upstreamKey: UPSTREAM_KEY, lookup: LOOKUP });
  const id = await leaveDoubt(bank, { path, idempotency });
  passTime(path, LOOKUP.settleMs + 1);
  let drained = 0;
  const off = watch(bank, {
    path,
    idempotency,
    settings: { leaseMs: 1_000, writes: false },
    wrap: (store) => ({
      ...store,
      entries: (...query) => {
        drained += 1;
        return store.entries(...query);
      },
    }),
  });
  await expect.poll(() => drained).toBeGreaterThanOrEqual(3);
  expect(await off.stateOf(id)).toBe('unknown');
  expect([bank.writes().length, bank.reads().length]).toEqual([1, 0]);
});

/** Lost first, then answered so. */
async function startRefusing(again: BankReply) {
  const path = freshPath();
  let writes = 0;
  const bank = await startBank(() => {
    writes += 1;
    return writes === 1 ? 'cut off' : again;
  });
  return { bank, path, id: await leaveDoubt(bank, { path, idempotency: KEYED }) };
}

test('a refusal that settles the doubt frees the key, and says so', async () => {
  const { bank, path, id } = await startRefusing({ status: 422 });
  const { stateOf, conclusions } = watch(bank, { path, idempotency: KEYED });
  await expect.poll(() => stateOf(id)).toBe('released');
  const code = 'UPSTREAM_REJECTED_ARGUMENTS';
  expect(conclusions()).toMatchObject([{ by: 'resend', state: 'released', executed: 'no', code }]);
});

test('a refusal that does not leaves it as it was', async () => {
  const { bank, path, id } = await startRefusing({ status: 409 });
  const { stateOf, conclusions } = watch(bank, { path, idempotency: KEYED });
  await expect.poll(() => conclusions().length).toBeGreaterThanOrEqual(1);
  expect(await stateOf(id)).toBe('unknown');
  expect(conclusions()[0]).toMatchObject({ by: 'resend', state: 'unknown', executed: 'unknown' });
});

test('of several servers one sends it again', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  const servers = [1, 2, 3].map(() => watch(bank, { path, idempotency: KEYED }));
  await Promise.all(servers.map(({ rounds }) => rounds(1)));
  expect(await servers[0]?.stateOf(id)).toBe('done');
  expect([bank.writes().length, bank.effects.length]).toEqual([2, 1]);
  expect(servers.flatMap(({ conclusions }) => conclusions())).toMatchObject([{ by: 'resend', state: 'done' }]);
});

test.each([
  ['what has sensitive arguments', { idempotency: KEYED, policy: { sensitive: ['/reason'] } }],
  ['a value that is set', { idempotency: SET_AGAIN }],
])('%s is sent again by a call and nobody else', async (_, options) => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  await leaveDoubt(bank, { path, ...options });
  const { call, rounds } = watch(bank, { path, ...options });
  await rounds(2);
  expect(bank.writes()).toHaveLength(1);
  expect((await call(refund)).ok).toBe(true);
  expect(bank.writes()).toHaveLength(2);
});

test('what a handler sent before its upstream was given the key is not sent again under it', async () => {
  const path = freshPath();
  let runs = 0;
  const handler = (): never => {
    runs += 1;
    throw new Error('a bug');
  };
  const byHand = (idempotency: typeof KEYED) => ({
    path,
    tool: 'other',
    others: [toolOf(handler, { policy: { idempotency } })],
  });
  const bank = await startRefunds();
  const before = refundsAt(bank, byHand(QUARANTINED));
  const { error } = await before.call(refund, { name: 'issue_refund' });
  before.kill();
  const { call, rounds, stateOf } = watch(bank, byHand(KEYED));
  await rounds(2);
  expect((await call(refund, { name: 'issue_refund' })).error.code).toBe('OUTCOME_UNKNOWN');
  expect([runs, await stateOf(error.operation_id ?? '')]).toEqual([1, 'unknown']);
});

test('an operation that cannot be looked after holds up no other', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 2, keyed: true });
  const broken = await leaveDoubt(bank, { path, idempotency: KEYED, tool: 'void_invoice' });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  const tool = {
    ...refundTool({ tool: 'void_invoice', idempotency: KEYED }),
    validators: () => Promise.reject(new Error('no such module')),
  };
  const { stateOf, logged } = watch(bank, { path, idempotency: KEYED, others: [tool] });
  await expect.poll(() => stateOf(id)).toBe('done');
  await expect.poll(() => logged.join()).toContain('no such module');
  expect(logged.join()).toContain('An operation could not be looked after');
  expect(logged.join()).toContain(broken);
});

test('a store that fails ends the round, and is told once', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 2, keyed: true });
  for (const tool of ['void_invoice', 'issue_refund']) await leaveDoubt(bank, { path, idempotency: KEYED, tool });
  let asked = 0;
  const { rounds, logged } = watch(bank, {
    path,
    idempotency: KEYED,
    others: [refundTool({ tool: 'void_invoice', idempotency: KEYED })],
    wrap: (store) => ({
      ...store,
      reclaim: () => {
        asked += 1;
        return Promise.reject(new StoreUnavailable('gone'));
      },
    }),
  });
  await rounds(1);
  expect(logged[0]).toContain('Background work was cut short, and goes on in its next round');
  expect(logged).toHaveLength(asked);
  expect(logged.join()).not.toContain('An operation could not be looked after');
});
