import { expect, test } from 'vitest';

import { startServedHttp } from '../transport/process.ts';
import { environmentFor, holdQuestion, isForged, isHeld, send, SERVED, sitAtHttp, startRefunds } from './people.ts';

const args = { invoice_id: 'inv_1', amount: 75_000 };
const HOLDER = { era: 'modern', capabilities: { elicitation: { form: {} } } } as const;

/** A server for ada, and what else may be started beside it. */
async function serveAda() {
  const bank = await startRefunds();
  const environment = environmentFor(bank, { MCP_TENANT: 'acme' });
  const serve = async (changes: Record<string, string> = {}) => {
    const { served, url } = await startServedHttp({ ...environment, ...changes }, SERVED);
    return { served, person: await sitAtHttp(url, HOLDER) };
  };
  return { bank, serve, ...(await serve()) };
}

test.each([
  ['another subject', { MCP_SUBJECT: 'bob' }],
  ['another tenant', { MCP_TENANT: 'other' }],
  ['no tenant', { MCP_TENANT: '' }],
  ['a server with another secret', { MCP_REQUEST_STATE_SECRET: 'another secret of 32 characters..' }],
])('what ada was asked is no question to %s, and the server warns of it', async (_, changes) => {
  const { bank, serve, person: ada } = await serveAda();
  const { requestState } = await holdQuestion(ada, { args });
  const { person: thief, served } = await serve(changes);
  for (const action of ['accept', 'decline'] as const) {
    expect(await isForged(thief, { args, requestState, action })).toBe(true);
  }
  expect(await served.stderr(/not accepted/)).toMatch(/"reason":"signature".*"level":"warn"/);
  expect(bank.received).toHaveLength(0);
  expect((await send(ada, { args, requestState, action: 'accept' })).isError).toBeUndefined();
  expect(bank.received).toHaveLength(1);
});

test.each([
  ['another amount under the same key', { args: { ...args, amount: 1 } }],
  ['another invoice', { args: { ...args, invoice_id: 'inv_2' } }],
])('a yes is no yes to %s', async (_, other) => {
  const { bank, person: ada } = await serveAda();
  const { requestState } = await holdQuestion(ada, { args });
  expect(isHeld(await send(ada, { ...other, requestState, action: 'accept' }))).toBe(true);
  expect(bank.received).toHaveLength(0);
});

test('a yes is a forgery to another tool', async () => {
  const { bank, person: ada } = await serveAda();
  const { requestState } = await holdQuestion(ada, { args });
  expect(await isForged(ada, { name: 'send_back', args, requestState, action: 'accept' })).toBe(true);
  expect(bank.received).toHaveLength(0);
});

test('a no to something else denies nothing', async () => {
  const { bank, person: ada } = await serveAda();
  const { requestState } = await holdQuestion(ada, { args });
  const other = { args: { ...args, invoice_id: 'inv_2' } };
  expect(isHeld(await send(ada, { ...other, requestState, action: 'decline' }))).toBe(true);
  expect((await send(ada, { args, requestState, action: 'accept' })).isError).toBeUndefined();
  expect(bank.received).toHaveLength(1);
});

test('a state that was changed, cut or made up is a forgery, and one that is missing no answer', async () => {
  const { bank, person: ada } = await serveAda();
  const { requestState } = await holdQuestion(ada, { args });
  const { length } = requestState;
  const flipped = [0, 3, 40, length - 44, length - 1].map(
    (index) => requestState.slice(0, index) + (requestState[index] === 'A' ? 'B' : 'A') + requestState.slice(index + 1),
  );
  const [, , signature] = requestState.split('.');
  const madeUp = ['null', '{}', requestState.slice(0, -1), `v1..${signature}`, 'x'.repeat(100_000)];
  for (const changed of [...flipped, ...madeUp]) {
    expect(await isForged(ada, { args, requestState: changed, action: 'accept' })).toBe(true);
  }
  expect(isHeld(await send(ada, { args, requestState: '', action: 'accept' }))).toBe(true);
  expect(isHeld(await send(ada, { args, action: 'accept' }))).toBe(true);
  expect(bank.received).toHaveLength(0);
});

test('a state without an answer is asked about again', async () => {
  const { bank, person: ada } = await serveAda();
  const { requestState } = await holdQuestion(ada, { args });
  expect(isHeld(await send(ada, { args, requestState }))).toBe(true);
  expect(bank.received).toHaveLength(0);
});
