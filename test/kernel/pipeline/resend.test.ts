import { expect, test } from 'vitest';

import { args, text } from '../../../templates/kernel/expression.ts';
import { StoreUnavailable } from '../../../templates/kernel/idempotency/store.ts';
import { startBank, startRefunds, type BankReply } from './bank.ts';
import { freshPath, passTime } from './harness.ts';
import { byInvoice, KEYED, LOOKUP, QUARANTINED, refund, refundsAt, SET_AGAIN, UPSTREAM_KEY } from './refunds.ts';

const MARGIN_MS = 5 * 60_000;
const WINDOW_MS = UPSTREAM_KEY.retentionMs - MARGIN_MS;

test('inside the call, what got lost is sent again: same key, same bytes, one effect', async () => {
  const bank = await startRefunds({ lose: 2, keyed: true });
  const { call } = refundsAt(bank, { idempotency: KEYED, attempts: 3 });
  expect(await call(refund)).toMatchObject({ ok: true, structured: { id: 're_1' } });
  const [first, ...others] = bank.writes();
  expect(others).toEqual([first, first].map((request) => expect.objectContaining({ body: request?.body })));
  for (const { headers } of others) expect(headers).toEqual(first?.headers);
  expect(bank.effects).toHaveLength(1);
});

test('without a key nothing is sent twice', async () => {
  const bank = await startRefunds({ lose: 1 });
  const { call } = refundsAt(bank, { idempotency: QUARANTINED, attempts: 3 });
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect(bank.effects).toHaveLength(1);
});

test('on the next call it is sent again: same key, same bytes, also by another server', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const first = await refundsAt(bank, { path, idempotency: KEYED }).call(refund);
  expect(first.error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  const { call, store } = refundsAt(bank, { path, idempotency: KEYED });
  const second = await call(refund);
  expect(second).toMatchObject({ ok: true, structured: { id: 're_1' }, meta: undefined });
  expect((await call(refund)).text).toBe(second.text);
  const [sent, again] = bank.writes();
  expect([again?.body, again?.headers]).toEqual([sent?.body, sent?.headers]);
  expect(bank.effects).toHaveLength(1);
  expect((await store.findById(first.error.operation_id ?? ''))?.state).toBe('done');
});

test('after a deploy that changed the request it is not sent again: nobody knows what that would do', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  await refundsAt(bank, { path, idempotency: KEYED }).call(refund);
  const request = { body: { invoice: args('/invoice_id'), amount: args('/amount'), note: text('v2') } };
  const { call, store } = refundsAt(bank, { path, idempotency: KEYED, request });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect((await store.findById(error.operation_id ?? ''))?.state).toBe('unknown');
  expect(bank.writes()).toHaveLength(1);
  expect((await refundsAt(bank, { path, idempotency: KEYED }).call(refund)).ok).toBe(true);
});

test('once the upstream may have forgotten the key, it is not sent again', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const { call } = refundsAt(bank, { path, idempotency: KEYED });
  await call(refund);
  passTime(path, WINDOW_MS);
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect(bank.writes()).toHaveLength(1);
});

test('the window counts from the first time it was sent, however often it was sent since', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 9, keyed: true });
  const { call } = refundsAt(bank, { path, idempotency: KEYED });
  await call(refund);
  for (const _ of [1, 2]) {
    passTime(path, WINDOW_MS / 2);
    expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
    expect(bank.writes()).toHaveLength(2);
  }
});

test('after the window, what can be looked up is looked up', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const idempotency = byInvoice({ recovery: 'resend', upstreamKey: UPSTREAM_KEY, lookup: LOOKUP });
  const { call } = refundsAt(bank, { path, idempotency });
  await call(refund);
  passTime(path, WINDOW_MS);
  expect(await call(refund)).toMatchObject({ structured: { id: 're_1' }, meta: { 'hardened-mcp/replayed': true } });
  expect([bank.writes().length, bank.reads().length]).toEqual([1, 1]);
});

/** Lost first, then answered so. */
async function startRefusing(again: BankReply) {
  let writes = 0;
  const bank = await startBank(() => {
    writes += 1;
    return writes === 1 ? 'cut off' : again;
  });
  const server = refundsAt(bank, { idempotency: KEYED });
  const { error } = await server.call(refund);
  return { bank, id: error.operation_id ?? '', ...server };
}

test('a refusal under the same key settles what became of the first attempt, too', async () => {
  const { call, store, id } = await startRefusing({ status: 422 });
  expect((await call(refund)).error).toMatchObject({ code: 'UPSTREAM_REJECTED_ARGUMENTS', executed: 'no' });
  expect((await store.findById(id))?.state).toBe('released');
});

test.each([409, 425, 429, 401, 403, 503])('%i says nothing about the first attempt', async (status) => {
  const { call, store, id } = await startRefusing({ status });
  const { error } = await call(refund);
  expect(error).toMatchObject({ executed: 'unknown', retryable: false, operation_id: id });
  expect((await store.findById(id))?.state).toBe('unknown');
});

test('an upstream that cannot be reached the second time says nothing about the first', async () => {
  const bank = await startRefunds({ lose: 1, keyed: true });
  const { call, store } = refundsAt(bank, { idempotency: KEYED });
  await call(refund);
  await bank.close();
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', executed: 'unknown', retry: 'check_status_first' });
  expect((await store.findById(error.operation_id ?? ''))?.state).toBe('unknown');
});

test('where the store fails before it is sent again, the first attempt is in doubt as before', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1, keyed: true });
  const first = await refundsAt(bank, { path, idempotency: KEYED }).call(refund);
  const { call, store } = refundsAt(bank, {
    path,
    idempotency: KEYED,
    wrap: (real) => ({ ...real, markSent: () => Promise.reject(new StoreUnavailable('the disk is full')) }),
  });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown' });
  expect(error.operation_id).toBe(first.error.operation_id);
  expect((await store.findById(error.operation_id ?? ''))?.state).toBe('unknown');
  expect(bank.writes()).toHaveLength(1);
});

test('a value is set again on every call, and a changed request is no reason not to', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1 });
  const first = await refundsAt(bank, { path, idempotency: SET_AGAIN }).call(refund);
  expect(first.error).toMatchObject({ executed: 'unknown' });
  const { call } = refundsAt(bank, { path, idempotency: SET_AGAIN, request: { body: { v: 2 } } });
  for (const _ of [1, 2]) expect(await call(refund)).toMatchObject({ ok: true, meta: undefined });
  expect(bank.effects).toHaveLength(3);
});

test('of ten calls at once one sends it again', async () => {
  const bank = await startRefunds({ lose: 1, keyed: true });
  const { call } = refundsAt(bank, { idempotency: KEYED });
  await call(refund);
  const replies = await Promise.all(Array.from({ length: 10 }, () => call(refund)));
  expect(replies.some(({ ok }) => ok)).toBe(true);
  expect([bank.writes().length, bank.effects.length]).toEqual([2, 1]);
});
