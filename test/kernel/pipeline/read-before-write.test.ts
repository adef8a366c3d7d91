import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { settingsFor } from '../upstream/declared.ts';
import { startBank, type BankReply } from './bank.ts';
import { freshPath, passTime } from './harness.ts';
import { LOOKUP, refund, refundsAt, UPSTREAM_KEY, type RefundOptions } from './refunds.ts';

const READ_FIRST: IdempotencyPolicy = {
  strategy: 'read-before-write',
  key: [args('/invoice_id')],
  recovery: 'look-up',
  lookup: LOOKUP,
};

async function startShop(found: () => BankReply | Promise<BankReply>, options: RefundOptions = {}) {
  const bank = await startBank(({ method }) =>
    method === 'GET' ? found() : { status: 200, body: { id: 're_written' } },
  );
  return { bank, ...refundsAt(bank, { idempotency: READ_FIRST, ...options }) };
}

test('what exists is the answer, as a replay, and nothing is written', async () => {
  const { call, bank } = await startShop(() => ({ status: 200, body: { id: 're_found', card: 'canary' } }));
  const first = await call(refund);
  expect(first).toMatchObject({ ok: true, text: '{"id":"re_found"}', meta: { 'hardened-mcp/replayed': true } });
  expect((await call(refund)).text).toBe(first.text);
  expect(bank.received.map(({ method }) => method)).toEqual(['GET']);
});

test('what does not exist is written', async () => {
  const { call, bank } = await startShop(() => ({ status: 404 }));
  expect(await call(refund)).toMatchObject({ ok: true, text: '{"id":"re_written"}', meta: undefined });
  expect(bank.received.map(({ method }) => method)).toEqual(['GET', 'POST']);
});

test.each([500, 204])(
  'where %s does not tell, nothing is written, and the same call may be sent again',
  async (code) => {
    let status = code;
    const { call, bank, store, calls } = await startShop(() => ({ status }));
    const { error } = await call(refund);
    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retry: 'same_call', executed: 'no' });
    expect((await store.findById(calls()[0]?.operation_id ?? ''))?.state).toBe('released');
    expect(bank.writes()).toEqual([]);
    status = 404;
    expect((await call(refund)).ok).toBe(true);
  },
);

test('where it may not be read, that is told', async () => {
  const bank = await startBank(() => ({ status: 404 }));
  const settings = settingsFor(bank.url, {}, 'public');
  const { call } = refundsAt(bank, { idempotency: READ_FIRST, settings });
  expect((await call(refund)).error).toMatchObject({ code: 'UPSTREAM_ADDRESS_REFUSED', executed: 'no' });
});

test('what cannot be sent names its operation, and the key is free again', async () => {
  const request = { path: ['refunds', args('/reason')] };
  const { call, store, bank } = await startShop(() => ({ status: 404 }), { request });
  const { error } = await call({ ...refund, reason: '..' });
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENTS',
    executed: 'no',
    operation_id: expect.stringMatching(/^op_/),
  });
  expect((await store.findById(error.operation_id ?? ''))?.state).toBe('released');
  expect(bank.writes()).toEqual([]);
});

test('what exists and does not fit the output schema is executed, and withheld', async () => {
  const { call, bank } = await startShop(() => ({ status: 200, body: { id: 7 } }));
  expect((await call(refund)).error).toMatchObject({ code: 'RESULT_INVALID', executed: 'yes' });
  expect(bank.writes()).toEqual([]);
});

test('the claim comes first: of two calls at once one reads and writes', async () => {
  const reading = Promise.withResolvers<BankReply>();
  const { call, bank } = await startShop(() => reading.promise);
  const first = call(refund);
  await expect.poll(() => bank.reads().length).toBe(1);
  expect((await call(refund)).error.code).toBe('IN_PROGRESS');
  reading.resolve({ status: 404 });
  expect((await first).ok).toBe(true);
  expect(bank.received.map(({ method }) => method)).toEqual(['GET', 'POST']);
});

test('what was found takes nothing of a cap', async () => {
  let found: BankReply = { status: 200, body: { id: 're_found' } };
  const { call } = await startShop(() => found, { policy: { caps: { perDay: 1, per: 'principal' } } });
  expect((await call(refund)).meta).toEqual({ 'hardened-mcp/replayed': true });
  found = { status: 404 };
  expect((await call({ ...refund, invoice_id: 'inv_2' })).ok).toBe(true);
  expect((await call({ ...refund, invoice_id: 'inv_3' })).error.code).toBe('WRITE_CAP_EXCEEDED');
});

test('a write that got lost is looked up, and not found is written again', async () => {
  const path = freshPath();
  let writes = 0;
  const bank = await startBank(({ method }) => {
    if (method === 'GET') return { status: 404 };
    writes += 1;
    return writes === 1 ? 'cut off' : { status: 200, body: { id: 're_2' } };
  });
  const { call } = refundsAt(bank, { path, idempotency: READ_FIRST });
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  passTime(path, LOOKUP.settleMs + 1);
  expect((await call(refund)).structured).toEqual({ id: 're_2' });
});

test('what is in doubt stays so where it cannot be read before it is sent again', async () => {
  let found: BankReply = { status: 404 };
  const bank = await startBank(({ method }) => (method === 'GET' ? found : 'cut off'));
  const idempotency: IdempotencyPolicy = { ...READ_FIRST, recovery: 'resend', upstreamKey: UPSTREAM_KEY };
  const { call } = refundsAt(bank, { idempotency });
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  found = { status: 500 };
  expect((await call(refund)).error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect(bank.writes()).toHaveLength(1);
  found = { status: 200, body: { id: 're_1' } };
  expect((await call(refund)).structured).toEqual({ id: 're_1' });
  expect(bank.writes()).toHaveLength(1);
});
