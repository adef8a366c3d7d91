import { expect, test } from 'vitest';

import { args, operationKey, principalSubject, responseBody } from '../../../templates/kernel/expression.ts';
import { startBank, startRefunds, type BankReply } from './bank.ts';
import { freshPath, passTime } from './harness.ts';
import { byInvoice, get, LOOKED_UP, LOOKUP, refund, refundsAt } from './refunds.ts';

const SETTLED = LOOKUP.settleMs + 1;

/** The first refund gets lost on its way back; `found` is what the look-up is answered. */
async function startDoubt(found: () => BankReply) {
  const path = freshPath();
  let writes = 0;
  const bank = await startBank(({ method }) => {
    if (method === 'GET') return found();
    writes += 1;
    return writes === 1 ? 'cut off' : { status: 200, body: { id: 're_2' } };
  });
  const server = refundsAt(bank, { path, idempotency: LOOKED_UP });
  const { error } = await server.call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  return { path, bank, id: error.operation_id ?? '', ...server };
}

const told = (status: number, body?: unknown) => (): BankReply => ({ status, body });

test('what the look-up finds is the answer, from then on', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1 });
  const { call, store, audit } = refundsAt(bank, { path, idempotency: LOOKED_UP });
  const { error } = await call(refund);
  passTime(path, SETTLED);
  const second = await call(refund);
  expect(second).toMatchObject({ ok: true, structured: { id: 're_1' }, meta: { 'hardened-mcp/replayed': true } });
  expect((await call(refund)).text).toBe(second.text);
  expect([bank.effects.length, bank.reads().length]).toEqual([1, 1]);
  expect((await store.findById(error.operation_id ?? ''))?.state).toBe('done');
  expect(audit).toMatchObject([
    { event: 'tool_call', code: 'OUTCOME_UNKNOWN', executed: 'unknown' },
    { event: 'operation_concluded', by: 'look_up', state: 'done', executed: 'yes', operation_id: error.operation_id },
    { event: 'tool_call', decision: 'replayed', executed: 'yes' },
    { event: 'tool_call', decision: 'replayed' },
  ]);
});

test('the look-up is told the key, the arguments and the principal, and its result may be a part of the answer', async () => {
  const path = freshPath();
  const bank = await startBank(({ method }) =>
    method === 'GET' ? { status: 200, body: { id: 'list', data: [{ id: 're_9' }] } } : 'cut off',
  );
  const request = {
    ...get('refunds', args('/invoice_id')),
    query: { key: operationKey, by: principalSubject },
    result: responseBody('/data/0'),
  };
  const idempotency = byInvoice({ recovery: 'look-up', lookup: { ...LOOKUP, request } });
  const { call } = refundsAt(bank, { path, idempotency });
  await call(refund);
  passTime(path, SETTLED);
  expect((await call(refund)).structured).toEqual({ id: 're_9' });
  const key = bank.writes()[0]?.headers['idempotency-key'];
  expect(bank.reads().map(({ url }) => url)).toEqual([`/refunds/inv_1?key=${String(key)}&by=ada`]);
});

test('what was found and does not fit the output schema was executed, and is withheld', async () => {
  const { call, path, bank } = await startDoubt(told(200, { id: 7, card: 'canary' }));
  passTime(path, SETTLED);
  const { error, text } = await call(refund);
  expect(error).toMatchObject({ code: 'RESULT_INVALID', executed: 'yes', retry: 'never' });
  expect((await call(refund)).text).toBe(text);
  expect(bank.writes()).toHaveLength(1);
});

test.each([
  ['404', told(404)],
  ['410', told(410, { id: 're_1' })],
  ['an answer that the condition refuses', told(200, { data: [] })],
])('%s: it was not executed, so the same call executes it, once', async (_, found) => {
  const { call, path, bank, audit, id } = await startDoubt(found);
  passTime(path, SETTLED);
  expect(await call(refund)).toMatchObject({ ok: true, structured: { id: 're_2' }, meta: undefined });
  expect((await call(refund)).text).toBe('{"id":"re_2"}');
  expect(bank.writes()).toHaveLength(2);
  expect(audit[1]).toMatchObject({ by: 'look_up', state: 'released', executed: 'no', operation_id: id });
});

test('what is claimed or known is not looked up', async () => {
  const bank = await startRefunds();
  const idempotency = byInvoice({ recovery: 'look-up', lookup: { ...LOOKUP, settleMs: 0 } });
  const { call } = refundsAt(bank, { idempotency });
  const first = await call(refund);
  expect(first.ok).toBe(true);
  expect((await call(refund)).text).toBe(first.text);
  expect((await call({ ...refund, amount: 6 })).error.code).toBe('IDEMPOTENCY_CONFLICT');
  expect([bank.reads().length, bank.writes().length]).toEqual([0, 1]);
});

test('a look-up that comes too late to be recorded is not told as the conclusion', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1 });
  let isLost = false;
  const { call, audit } = refundsAt(bank, {
    path,
    idempotency: LOOKED_UP,
    wrap: (store) => ({
      ...store,
      recordOutcome: async (...given) => (isLost ? 'lost' : store.recordOutcome(...given)),
    }),
  });
  await call(refund);
  passTime(path, SETTLED);
  isLost = true;
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect(bank.reads()).toHaveLength(1);
  expect(audit.map(({ event }) => event)).toEqual(['tool_call', 'tool_call']);
});

test('before whatever was sent had its time, nothing is read, and nothing found out', async () => {
  const { call, path, bank } = await startDoubt(told(404));
  passTime(path, LOOKUP.settleMs - 3_000);
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect(bank.reads()).toEqual([]);
  passTime(path, 3_001);
  expect((await call(refund)).ok).toBe(true);
});

test.each<[string, () => BankReply]>([
  ['500', told(500)],
  ['500 with what could be the effect', told(500, { id: 're_1' })],
  ['500 with something else', told(500, { data: [] })],
  ['300 with something else', told(300, { data: [] })],
  ['an empty answer', told(204)],
  ['401', told(401)],
  ['302', told(302)],
  ['an answer that is cut off', () => 'cut off'],
])('%s: nobody knows, as before', async (_, found) => {
  const { call, path, bank, store, id } = await startDoubt(found);
  passTime(path, SETTLED);
  const before = await store.findById(id);
  expect((await call(refund)).error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown', operation_id: id });
  expect(await store.findById(id)).toEqual(before);
  expect([bank.reads().length, bank.writes().length]).toEqual([1, 1]);
});

test('a look-up that finds nothing frees nothing where the operation moved on meanwhile', async () => {
  const path = freshPath();
  const late = Promise.withResolvers<BankReply>();
  const bank = await startBank(({ method }) => (method === 'GET' ? late.promise : 'cut off'));
  const { call, store } = refundsAt(bank, { path, idempotency: LOOKED_UP });
  const { error } = await call(refund);
  passTime(path, SETTLED);
  const asking = call(refund);
  await expect.poll(() => bank.reads().length).toBe(1);
  const operation = await store.findById(error.operation_id ?? '');
  if (operation === undefined) throw new Error('The operation is gone');
  await store.recordOutcome(operation, { ok: true, result: '{"id":"re_late"}' });
  late.resolve({ status: 404 });
  expect((await asking).structured).toEqual({ id: 're_late' });
  expect(bank.writes()).toHaveLength(1);
});

test('ten calls at once after a look-up that found nothing have one effect more', async () => {
  const { call, path, bank } = await startDoubt(told(404));
  passTime(path, SETTLED);
  const replies = await Promise.all(Array.from({ length: 10 }, () => call(refund)));
  expect(bank.writes()).toHaveLength(2);
  expect(replies.some(({ ok }) => ok)).toBe(true);
  for (const { error } of replies.filter(({ ok }) => !ok)) expect(error.code).toBe('IN_PROGRESS');
});
