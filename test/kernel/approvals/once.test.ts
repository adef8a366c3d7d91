import { expect, test } from 'vitest';

import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { startBank } from '../pipeline/bank.ts';
import { passTime } from '../pipeline/harness.ts';
import { errorIn, startServedHttp } from '../transport/process.ts';
import { environmentFor, holdQuestion, isHeld, send, SERVED, sitAtHttp, startRefunds } from './people.ts';

const args = { invoice_id: 'inv_1', amount: 75_000 };
const EXPIRES_MS = 900_000;

async function serveAda(bank: Awaited<ReturnType<typeof startRefunds>>, changes: Record<string, string> = {}) {
  const environment = environmentFor(bank, { EXPIRES_MS: String(EXPIRES_MS), ...changes });
  const { url } = await startServedHttp(environment, SERVED);
  const ada = await sitAtHttp(url, { era: 'modern', capabilities: { elicitation: { form: {} } } });
  const path = environment['MCP_STORE_PATH'] ?? '';
  return { ada, path, wait: (ms: number) => passTime(path, ms) };
}

test('an answer that is sent twice has one effect', async () => {
  const bank = await startRefunds();
  const { ada } = await serveAda(bank);
  const { requestState } = await holdQuestion(ada, { args });
  const first = await send(ada, { args, requestState, action: 'accept' });
  expect(first.isError).toBeUndefined();
  const second = await send(ada, { args, requestState, action: 'accept' });
  expect(second).toMatchObject({ content: first.content, _meta: { 'hardened-mcp/replayed': true } });
  expect(bank.received).toHaveLength(1);
});

test('an answer that sets a value is good for setting it once', async () => {
  const bank = await startRefunds();
  const { ada } = await serveAda(bank);
  const set = { name: 'set_refund', args };
  const { requestState } = await holdQuestion(ada, set);
  expect((await send(ada, { ...set, requestState, action: 'accept' })).isError).toBeUndefined();
  expect(isHeld(await send(ada, { ...set, requestState, action: 'accept' }))).toBe(true);
  expect(bank.received).toHaveLength(1);
});

test('who said no cannot say yes to the same question', async () => {
  const bank = await startRefunds();
  const { ada, wait } = await serveAda(bank);
  const { requestState } = await holdQuestion(ada, { args });
  for (const action of ['decline', 'accept'] as const) {
    expect(errorIn(await send(ada, { args, requestState, action }))).toMatchObject({ code: 'APPROVAL_DENIED' });
  }
  wait(EXPIRES_MS + 1);
  expect(isHeld(await send(ada, { args }))).toBe(true);
  expect(bank.received).toHaveLength(0);
});

test('a question that expired is asked anew, by the clock of the store', async () => {
  const bank = await startRefunds();
  const { ada, wait } = await serveAda(bank);
  const { requestState } = await holdQuestion(ada, { args });
  wait(EXPIRES_MS + 1);
  const anew = await holdQuestion(ada, { args, requestState, action: 'accept' });
  expect(isHeld(await send(ada, { args, requestState, action: 'accept' }))).toBe(true);
  expect(bank.received).toHaveLength(0);
  expect((await send(ada, { args, requestState: anew.requestState, action: 'accept' })).isError).toBeUndefined();
  expect(bank.received).toHaveLength(1);
});

test('a question that is over as soon as it is asked is never answered', async () => {
  const bank = await startRefunds();
  const { ada } = await serveAda(bank, { EXPIRES_MS: '0' });
  const { requestState } = await holdQuestion(ada, { args });
  expect(isHeld(await send(ada, { args, requestState, action: 'accept' }))).toBe(true);
  expect(bank.received).toHaveLength(0);
});

test('what was refused upstream may be tried again with the same yes, for one effect, until that expires', async () => {
  let busy = true;
  const bank = await startBank(() => (busy ? { status: 429 } : { status: 200, body: { done: true } }));
  const { ada, wait } = await serveAda(bank);
  const agree = async (invoice_id: string) => {
    const { requestState } = await holdQuestion(ada, { args: { ...args, invoice_id } });
    return send(ada, { args: { ...args, invoice_id }, requestState, action: 'accept' });
  };
  for (const invoice_id of ['inv_1', 'inv_2']) {
    expect(errorIn(await agree(invoice_id))).toMatchObject({ category: 'rate_limited', executed: 'no' });
  }
  busy = false;
  expect((await send(ada, { args })).isError).toBeUndefined();
  expect(await send(ada, { args })).toMatchObject({ _meta: { 'hardened-mcp/replayed': true } });
  expect(bank.received).toHaveLength(3);
  wait(EXPIRES_MS + 1);
  expect(isHeld(await send(ada, { args: { ...args, invoice_id: 'inv_2' } }))).toBe(true);
  expect(bank.received).toHaveLength(3);
});

test('who says no to the second of two equal questions has nothing executed, though the first yes stands', async () => {
  let busy = true;
  const bank = await startBank(() => (busy ? { status: 429 } : { status: 200, body: { done: true } }));
  const { ada } = await serveAda(bank);
  const [first, second] = [await holdQuestion(ada, { args }), await holdQuestion(ada, { args })];
  const refused = errorIn(await send(ada, { args, requestState: first.requestState, action: 'accept' }));
  expect(refused).toMatchObject({ category: 'rate_limited', executed: 'no' });
  busy = false;
  const declined = errorIn(await send(ada, { args, requestState: second.requestState, action: 'decline' }));
  expect(declined).toMatchObject({ code: 'APPROVAL_DENIED', executed: 'no' });
  expect(bank.received).toHaveLength(1);
});

test('what somebody else approved is executed by the same call, once, and asked of nobody at the client', async () => {
  const bank = await startRefunds();
  const { ada, path } = await serveAda(bank);
  const much = { name: 'refund_much', args };
  const { operation_id: id = '' } = errorIn(await send(ada, much)) as { readonly operation_id?: string };
  const store = openSqliteStore({ path, retentionMs: 86_400_000 });
  expect(await store.decide({ id, approve: true, by: 'ada' })).toBe('own');
  expect(await store.decide({ id, approve: true, by: 'eve' })).toBe('decided');
  await store.close();
  expect((await send(ada, much)).isError).toBeUndefined();
  expect(await send(ada, much)).toMatchObject({ _meta: { 'hardened-mcp/replayed': true } });
  expect(bank.received).toHaveLength(1);
});
