import { expect, test, vi } from 'vitest';

import { principalSubject, principalTenant } from '../../../../templates/kernel/expression.ts';
import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { startBank, type BankReply } from '../bank.ts';
import { ada, freshPath, passTime } from '../harness.ts';
import { byInvoice, LOOKED_UP, LOOKUP, refund, refundsAt, upstreamsAt, type RefundOptions } from '../refunds.ts';
import { leaveDoubt, watch, withoutPauses } from './watching.ts';

withoutPauses();

/** Everything that is written gets lost; reads are answered so. */
async function startDoubt(found: () => BankReply, options: RefundOptions = {}) {
  const path = freshPath();
  let writes = 0;
  const bank = await startBank(({ method }) => {
    if (method === 'GET') return found();
    writes += 1;
    return writes === 1 ? 'cut off' : { status: 200, body: { id: 're_2' } };
  });
  const given = { idempotency: LOOKED_UP, ...options, path };
  const id = await leaveDoubt(bank, given);
  return { path, bank, id, given };
}

const later = (path: string) => passTime(path, LOOKUP.settleMs + 1);

test('what is found is DONE with the result that was found, before anybody asks', async () => {
  const { path, bank, id, given } = await startDoubt(() => ({ status: 200, body: { id: 're_1', card: 'canary' } }));
  later(path);
  const { stateOf, call, conclusions, store } = watch(bank, given);
  await expect.poll(() => stateOf(id)).toBe('done');
  expect(await call(refund)).toMatchObject({ text: '{"id":"re_1"}', meta: { 'hardened-mcp/replayed': true } });
  expect(bank.writes()).toHaveLength(1);
  expect(conclusions()).toMatchObject([
    {
      by: 'look_up',
      state: 'done',
      executed: 'yes',
      operation_id: id,
      tool: 'issue_refund',
      subject: 'ada',
      tenant: 'acme',
    },
  ]);
  expect(JSON.stringify(await store.findById(id))).not.toContain('canary');
});

test.each([
  ['of a tenant', ada, '&of=acme'],
  ['of none', { ...ada, tenant: undefined }, ''],
])('it is looked up in the name of the one who asked, %s', async (_, { tenant, ...whoever }, named) => {
  const path = freshPath();
  const bank = await startBank(({ method }) => (method === 'GET' ? { status: 200, body: { id: 're_1' } } : 'cut off'));
  const request = { ...LOOKUP.request, query: { by: principalSubject, of: principalTenant } };
  const idempotency = byInvoice({ recovery: 'look-up', lookup: { ...LOOKUP, request } });
  const caller = { ...whoever, ...(tenant !== undefined && { tenant }) };
  const id = await leaveDoubt(bank, { path, idempotency, caller });
  later(path);
  const { stateOf } = watch(bank, { path, idempotency });
  await expect.poll(() => stateOf(id)).toBe('done');
  expect(bank.reads().map(({ url }) => url.split('?')[1])).toEqual([`by=ada${named}`]);
});

test('what was found out too late to be recorded is not told', async () => {
  const { path, bank, id, given } = await startDoubt(() => ({ status: 200, body: { id: 're_1' } }));
  later(path);
  const wrap = (store: OperationStore): OperationStore => ({ ...store, recordOutcome: async () => 'lost' });
  const { rounds, stateOf, conclusions } = watch(bank, { ...given, wrap });
  await rounds(1);
  expect(bank.reads().length).toBeGreaterThan(0);
  expect([await stateOf(id), conclusions()]).toEqual(['unknown', []]);
});

test('no two rounds begin with the same operations: several servers would get in each other’s way', async () => {
  const path = freshPath();
  const bank = await startBank(({ method }) => (method === 'GET' ? { status: 500 } : 'cut off'));
  const asked = refundsAt(bank, { path, idempotency: LOOKED_UP });
  const count = 10;
  for (let index = 0; index < count; index += 1) await asked.call({ ...refund, invoice_id: `inv_${index}` });
  asked.kill();
  later(path);
  const { rounds } = watch(bank, { path, idempotency: LOOKED_UP });
  await rounds(2);
  const urls = bank.reads().map(({ url }) => url);
  const [first, second] = [urls.slice(0, count), urls.slice(count, 2 * count)];
  expect(second.toSorted()).toEqual(first.toSorted());
  expect(second).not.toEqual(first);
});

test('what is found and does not fit the output schema was executed, and is withheld', async () => {
  const { path, bank, id, given } = await startDoubt(() => ({ status: 200, body: { id: 7 } }));
  later(path);
  const { stateOf, call, conclusions } = watch(bank, given);
  await expect.poll(() => stateOf(id)).toBe('done');
  expect((await call(refund)).error).toMatchObject({ code: 'RESULT_INVALID', executed: 'yes' });
  expect(conclusions()).toMatchObject([{ by: 'look_up', state: 'done', code: 'RESULT_INVALID', executed: 'yes' }]);
});

test('what is not found is free, with what it was charged, and the next call executes it', async () => {
  const policy = { caps: { perDay: 1, per: 'principal' } } as const;
  const { path, bank, id, given } = await startDoubt(() => ({ status: 404 }), { policy });
  later(path);
  const { stateOf, call, conclusions } = watch(bank, given);
  await expect.poll(() => stateOf(id)).toBe('released');
  expect(conclusions()).toMatchObject([{ by: 'look_up', state: 'released', executed: 'no', operation_id: id }]);
  expect(await call(refund)).toMatchObject({ ok: true, text: '{"id":"re_2"}' });
});

test('before whatever was sent had its time, nothing is read', async () => {
  const { bank, id, given } = await startDoubt(() => ({ status: 404 }));
  const { stateOf, rounds } = watch(bank, given);
  await rounds(2);
  expect(bank.reads()).toEqual([]);
  expect(await stateOf(id)).toBe('unknown');
});

test('a read that fails changes nothing, and is repeated', async () => {
  let reply: BankReply = { status: 500 };
  const { path, bank, id, given } = await startDoubt(() => reply);
  later(path);
  const { stateOf, store } = watch(bank, given);
  const before = await store.findById(id);
  await expect.poll(() => bank.reads().length).toBeGreaterThanOrEqual(2);
  expect(await store.findById(id)).toEqual(before);
  reply = { status: 200, body: { id: 're_1' } };
  await expect.poll(() => stateOf(id)).toBe('done');
});

test('what has sensitive arguments cannot be looked up from its record, but by the next call', async () => {
  const policy = { sensitive: ['/reason'] };
  const { path, bank, id, given } = await startDoubt(() => ({ status: 200, body: { id: 're_1' } }), { policy });
  later(path);
  const { stateOf, call, rounds } = watch(bank, given);
  await rounds(2);
  expect(bank.reads()).toEqual([]);
  expect(await stateOf(id)).toBe('unknown');
  expect((await call(refund)).structured).toEqual({ id: 're_1' });
});

test('of several servers that look at once, one tells what was found out', async () => {
  const { path, bank, id, given } = await startDoubt(() => ({ status: 404 }));
  later(path);
  const servers = [1, 2, 3].map(() => watch(bank, given));
  await Promise.all(servers.map(({ rounds }) => rounds(1)));
  expect(await servers[0]?.stateOf(id)).toBe('released');
  expect(servers.flatMap(({ conclusions }) => conclusions())).toMatchObject([{ state: 'released' }]);
});

test('what cannot be found out is asked for less and less often', async () => {
  const { path, bank, given } = await startDoubt(() => ({ status: 500 }));
  later(path);
  // The longest pauses: a second, then two.
  vi.spyOn(Math, 'random').mockReturnValue(1);
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { rounds } = watch(bank, { ...given, settings: { leaseMs: 400, upstreams: upstreamsAt(bank) } });
  const reads = [];
  for (const passed of [0, 999, 1, 1_999, 1]) {
    now += passed;
    await rounds(1);
    reads.push(bank.reads().length);
  }
  expect(reads).toEqual([1, 1, 2, 2, 3]);
});
