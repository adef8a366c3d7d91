import { expect, test } from 'vitest';

import { errorIn } from '../transport/process.ts';
import { environmentFor, sitAtStdio, startRefunds } from './people.ts';

const call = { name: 'refund', arguments: { invoice_id: 'inv_1', amount: 75_000 } };
const FORMS = { elicitation: { form: {} } };

/** A client from before 2026-07-28, whose person `answer` speaks for. */
async function sitDown(
  answer: (question: { readonly signal: AbortSignal }) => Promise<{ action: 'accept' }>,
  changes: Record<string, string> = {},
) {
  const bank = await startRefunds();
  const ada = await sitAtStdio(environmentFor(bank, changes), { era: 'legacy', capabilities: FORMS });
  ada.client.setRequestHandler('elicitation/create', (_, { mcpReq }) => answer(mcpReq));
  return { bank, client: ada.client };
}

test('a client that fails to ask gets the usual error, and nothing is executed', async () => {
  const { bank, client } = await sitDown(() => Promise.reject(new Error('no screen')));
  const refused = errorIn(await client.callTool(call));
  expect(refused).toMatchObject({
    code: 'APPROVAL_REQUIRED',
    executed: 'no',
    operation_id: expect.stringMatching(/^op_/),
  });
  expect(bank.received).toHaveLength(0);
});

test('a question that nobody answers is given up when it expires', async () => {
  const { bank, client } = await sitDown(() => new Promise(() => {}), { EXPIRES_MS: '200' });
  expect(errorIn(await client.callTool(call))).toMatchObject({ code: 'APPROVAL_REQUIRED', executed: 'no' });
  expect(bank.received).toHaveLength(0);
});

test('a yes to a call that was cancelled meanwhile has no effect', async () => {
  const cancelled = new AbortController();
  let asked = 0;
  const { bank, client } = await sitDown(async () => {
    asked += 1;
    if (asked === 1) cancelled.abort();
    return { action: 'accept' };
  });
  await expect(client.callTool(call, { signal: cancelled.signal })).rejects.toThrow(/abort/i);
  expect(bank.received).toHaveLength(0);
  expect((await client.callTool(call)).isError).toBeUndefined();
  expect(asked).toBe(2);
  expect(bank.received).toHaveLength(1);
});

test('the question of a call that is cancelled is withdrawn', async () => {
  const cancelled = new AbortController();
  const withdrawn = Promise.withResolvers<void>();
  const { bank, client } = await sitDown(async ({ signal }) => {
    signal.addEventListener('abort', () => withdrawn.resolve());
    cancelled.abort();
    await withdrawn.promise;
    return { action: 'accept' };
  });
  await expect(client.callTool(call, { signal: cancelled.signal })).rejects.toThrow(/abort/i);
  await withdrawn.promise;
  expect(bank.received).toHaveLength(0);
});
