import { expect, test } from 'vitest';

import { startBank, startRefunds, type BankReply } from '../bank.ts';
import { freshPath, passTime } from '../harness.ts';
import { byInvoice, KEYED, LOOKUP, refund, refundTool, SET_AGAIN, UPSTREAM_KEY } from '../refunds.ts';
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
  expect(logged.join()).toContain(broken);
});
