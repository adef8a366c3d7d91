/** What the pipeline makes of a caller's answer, whichever transport brought it. */
import { expect, test } from 'vitest';

import { args, text } from '../../../templates/kernel/expression.ts';
import type { Question } from '../../../templates/kernel/pipeline/call.ts';
import type { ApprovalPolicy } from '../../../templates/kernel/policy.ts';
import { startRefunds } from '../pipeline/bank.ts';
import { refund, refundsAt } from '../pipeline/refunds.ts';

const approval: ApprovalPolicy = {
  by: 'caller',
  when: 'large',
  expiresMs: 900_000,
  summary: text('Refund ', args('/amount'), ' cents of ', args('/invoice_id')),
};
const conditions = { large: { properties: { amount: { minimum: 5 } } } };

async function serve() {
  const bank = await startRefunds();
  const server = refundsAt(bank, { policy: { approval }, conditions });
  const asked: Question[] = [];
  const ask = (question: Question): void => void asked.push(question);
  /** Calls, and gives the question that the caller gets. */
  const question = async (given: object = refund): Promise<Question> => {
    const { length } = asked;
    const { error } = await server.call(given, { ask });
    expect(error).toMatchObject({ code: 'APPROVAL_REQUIRED', executed: 'no' });
    const found = asked[length];
    if (found === undefined) throw new Error('The caller was not asked');
    return found;
  };
  return { bank, ...server, ask, asked, question };
}

test('the question says what it is about, and the call that it is asked', async () => {
  const { bank, call, calls, ask, asked } = await serve();
  const { error } = await call(refund, { ask });
  expect(asked).toEqual([
    {
      operationId: error.operation_id,
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      summary: 'Refund 5 cents of inv_1',
      expiresMs: 900_000,
    },
  ]);
  expect(error.message).toBe(
    'A person has to agree first, and has not answered: Refund 5 cents of inv_1. The same call asks them again.',
  );
  expect(calls()[0]?.operation_id).toBe(error.operation_id);
  expect(bank.effects).toEqual([]);
});

test('a client that cannot ask is told so', async () => {
  const { call } = await serve();
  const { error } = await call(refund);
  expect(error.message).toContain('this client cannot ask one: Refund 5 cents of inv_1');
});

test('what the condition does not meet asks nobody', async () => {
  const { bank, call, ask, asked } = await serve();
  expect((await call({ ...refund, amount: 4 }, { ask })).ok).toBe(true);
  expect([asked.length, bank.effects.length]).toEqual([0, 1]);
});

test('a yes is good for what was asked, and once', async () => {
  const { bank, call, ask, question } = await serve();
  const consent = { ...(await question()), agreed: true };
  expect((await call({ ...refund, invoice_id: 'inv_2' }, { ask, consent })).error.code).toBe('APPROVAL_REQUIRED');
  expect(bank.effects).toEqual([]);
  const first = await call(refund, { ask, consent });
  expect(first.ok).toBe(true);
  expect(await call(refund, { ask, consent })).toMatchObject({
    text: first.text,
    meta: { 'hardened-mcp/replayed': true },
  });
  expect(bank.effects).toHaveLength(1);
});

test.each([
  ['the key', { key: '0'.repeat(64) }],
  ['the arguments', { fingerprint: '0'.repeat(64) }],
  ['the operation', { operationId: 'op_another' }],
])('a yes for another than %s is none', async (_, change) => {
  const { bank, call, ask, question } = await serve();
  const consent = { ...(await question()), ...change, agreed: true };
  expect((await call(refund, { ask, consent })).error.code).toBe('APPROVAL_REQUIRED');
  expect(bank.effects).toEqual([]);
});

test('a no stands, and says what it was about', async () => {
  const { bank, call, ask, question } = await serve();
  const asked = await question();
  const { error } = await call(refund, { ask, consent: { ...asked, agreed: false } });
  expect(error).toMatchObject({
    code: 'APPROVAL_DENIED',
    message: 'This was not approved, and nothing was executed: Refund 5 cents of inv_1. Do not ask for it again.',
  });
  expect((await call(refund, { ask, consent: { ...asked, agreed: true } })).error.code).toBe('APPROVAL_DENIED');
  expect(bank.effects).toEqual([]);
});
