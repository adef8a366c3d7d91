import { expect, test } from 'vitest';

import { text, args } from '../../../templates/kernel/expression.ts';
import type { ApprovalPolicy } from '../../../templates/kernel/policy.ts';
import { startBank } from '../pipeline/bank.ts';
import { ada, freshPath, passTime, type Reply, type Running } from '../pipeline/harness.ts';
import { refund, refundsAt } from '../pipeline/refunds.ts';

const EXPIRES_MS = 900_000;
const approval: ApprovalPolicy = {
  by: 'approver',
  scope: 'refunds:approve',
  expiresMs: EXPIRES_MS,
  summary: text('Refund ', args('/amount'), ' cents of ', args('/invoice_id')),
};

async function serve() {
  const bank = await startBank(() => ({ status: 200, body: { id: 're_1' } }));
  const path = freshPath();
  const server = refundsAt(bank, { path, policy: { approval } });
  return { bank, ...server, wait: (ms: number) => passTime(path, ms) };
}

/** Calls, and gives the id that an approver needs. */
async function request({ call }: Pick<Running, 'call'>, given = refund): Promise<string> {
  const { error } = await call(given);
  expect(error).toMatchObject({ code: 'APPROVAL_REQUIRED', executed: 'no', retry: 'after_approval' });
  return error.operation_id ?? '';
}

const isReplay = ({ meta }: Reply): boolean => meta?.['hardened-mcp/replayed'] === true;

test('what somebody else approves is executed by the same call, once', async () => {
  const { bank, store, call } = await serve();
  const id = await request({ call });
  expect(await request({ call })).toBe(id);
  expect(await store.decide({ id, approve: true, by: 'eve' })).toBe('decided');
  expect(bank.received).toHaveLength(0);
  expect(isReplay(await call(refund))).toBe(false);
  expect(isReplay(await call(refund))).toBe(true);
  expect(bank.received).toHaveLength(1);
});

test('what is approved once and called 50 times at once is executed once', async () => {
  const { bank, store, call } = await serve();
  await store.decide({ id: await request({ call }), approve: true, by: 'eve' });
  const replies = await Promise.all(Array.from({ length: 50 }, () => call(refund)));
  const outcomes = replies.map(({ ok, error }) => (ok ? 'ok' : error.code));
  expect(new Set(outcomes)).toEqual(new Set(['ok', 'IN_PROGRESS']));
  expect(bank.received).toHaveLength(1);
});

test('an approval is for the arguments that were shown', async () => {
  const { bank, store, call } = await serve();
  const id = await request({ call });
  await store.decide({ id, approve: true, by: 'eve' });
  expect(await request({ call }, { ...refund, amount: 6 })).not.toBe(id);
  expect(await request({ call }, { ...refund, invoice_id: 'inv_2' })).not.toBe(id);
  expect(bank.received).toHaveLength(0);
});

test('nobody approves what they asked for', async () => {
  const { bank, store, call } = await serve();
  const id = await request({ call });
  expect(await store.decide({ id, approve: true, by: ada.subject })).toBe('own');
  expect(await request({ call })).toBe(id);
  expect(bank.received).toHaveLength(0);
});

test('the caller cannot consent in place of an approver', async () => {
  const { bank, store, call } = await serve();
  const id = await request({ call });
  const operation = await store.findById(id);
  const { key = '', fingerprint = '' } = operation ?? {};
  const { error } = await call(refund, { consent: { operationId: id, key, fingerprint, agreed: true } });
  expect(error).toMatchObject({ code: 'APPROVAL_REQUIRED', operation_id: id });
  expect(bank.received).toHaveLength(0);
});

test('what was denied stays so until the answer expires; then it is asked anew', async () => {
  const { bank, store, call, wait } = await serve();
  const id = await request({ call });
  await store.decide({ id, approve: false, by: 'eve' });
  expect((await call(refund)).error).toMatchObject({ code: 'APPROVAL_DENIED', executed: 'no', operation_id: id });
  wait(EXPIRES_MS / 2);
  expect((await call(refund)).error).toMatchObject({ code: 'APPROVAL_DENIED' });
  wait(EXPIRES_MS / 2 + 1);
  expect(await request({ call })).not.toBe(id);
  expect(bank.received).toHaveLength(0);
});

test('an approval that expired, before or after it was given, is asked for anew', async () => {
  const { bank, store, call, wait } = await serve();
  const first = await request({ call });
  wait(EXPIRES_MS + 1);
  expect(await store.decide({ id: first, approve: true, by: 'eve' })).toBe('not-pending');
  const second = await request({ call });
  expect(second).not.toBe(first);
  await store.decide({ id: second, approve: true, by: 'eve' });
  wait(EXPIRES_MS + 1);
  expect(await request({ call })).not.toBe(second);
  expect(bank.received).toHaveLength(0);
});
