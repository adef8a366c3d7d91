import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { counting, run, toolOf, type ServerOptions, type ToolOptions } from './harness.ts';

const byInvoice: IdempotencyPolicy = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' };
const natural: IdempotencyPolicy = { strategy: 'natural', recovery: 'send-again' };
const refund = { invoice_id: 'inv_1', amount: 5 };

function refunds(
  options: ToolOptions &
    Partial<ServerOptions> & { idempotency?: IdempotencyPolicy; answer?: Parameters<typeof counting>[0] } = {},
) {
  const { effects, handler } = counting(options.answer ?? ((_, ctx) => ({ refund_id: ctx.operationId })));
  const { idempotency = byInvoice } = options;
  const tool = toolOf(handler, { ...options, policy: { idempotency, ...options.policy } });
  return { effects, tool, ...run({ ...options, tools: [tool] }) };
}

test('a value that was set, changed and set back is really set back', async () => {
  const { call, effects } = refunds({ idempotency: natural });
  for (const amount of [1, 1, 2, 1]) await call({ ...refund, amount });
  expect(effects.map(({ amount }) => amount)).toEqual([1, 1, 2, 1]);
});

test('a handler that throws leaves the operation unknown; its text reaches the log and nobody else', async () => {
  const answer = () => {
    throw new Error('connect postgres://svc:canary@db/prod failed at shard 7');
  };
  const { call, effects, logged } = refunds({ answer });
  const { error, text } = await call(refund);
  expect(error).toMatchObject({
    code: 'INTERNAL',
    category: 'internal',
    executed: 'unknown',
    retry: 'check_status_first',
  });
  expect(text).not.toMatch(/postgres|shard|canary/);
  expect(logged.join()).toContain(error.operation_id);
  expect(logged.join()).toContain('shard 7');
  expect(logged.join()).not.toContain('canary');
  expect((await call(refund)).error.code).toBe('OUTCOME_UNKNOWN');
  expect(effects).toHaveLength(1);
});

const declared = {
  category: 'failed_precondition',
  message: { parts: ['Too much for ', args('/invoice_id'), '.'] },
} as const;

test('a declared refusal frees the key, so that the corrected call executes', async () => {
  const errors = [{ code: 'TOO_MUCH', ...declared, suggestedAction: 'Ask for less.' }];
  const answer: Parameters<typeof counting>[0] = ({ amount }, ctx) =>
    amount === 5 ? ctx.fail('TOO_MUCH') : { ok: true };
  const { call, effects } = refunds({ errors, answer });
  const { error } = await call(refund);
  expect(error).toMatchObject({
    code: 'TOO_MUCH',
    category: 'failed_precondition',
    message: 'Too much for inv_1.',
    suggested_action: 'Ask for less.',
    executed: 'no',
  });
  expect((await call({ ...refund, amount: 4 })).ok).toBe(true);
  expect(effects).toHaveLength(2);
});

test('what an argument puts into a message can neither disguise nor flood it', async () => {
  const errors = [{ code: 'TOO_MUCH', ...declared }];
  const input = { type: 'object', properties: { invoice_id: { type: 'string' } } };
  const { call } = refunds({ errors, input, answer: (_, ctx) => ctx.fail('TOO_MUCH') });
  const { error } = await call({ invoice_id: `a\n\u202eb\u200b${'x'.repeat(5_000)}` });
  expect(error.message).toMatch(/^Too much for a {2}b x+\.$/);
  expect(error.message).toHaveLength('Too much for .'.length + 500);
});

test('a terminal refusal is the final answer for its key', async () => {
  const errors = [{ code: 'TOO_MUCH', ...declared, terminal: true as const }];
  const { call, effects } = refunds({ errors, answer: (_, ctx) => ctx.fail('TOO_MUCH', { retryAfterMs: 7 }) });
  const [first, second] = [await call(refund), await call(refund)];
  expect(first.error).toMatchObject({ code: 'TOO_MUCH', retry_after_ms: 7 });
  expect(second.text).toBe(first.text);
  expect(second.meta).toEqual({ 'hardened-mcp/replayed': true });
  expect(effects).toHaveLength(1);
});

test('a declared error after which the effect may have happened never frees its key', async () => {
  for (const [executed, next] of [
    ['unknown', 'OUTCOME_UNKNOWN'],
    ['yes', 'TOO_MUCH'],
  ] as const) {
    const errors = [{ code: 'TOO_MUCH', ...declared, executed }];
    const { call, effects } = refunds({ errors, answer: (_, ctx) => ctx.fail('TOO_MUCH') });
    expect((await call(refund)).error).toMatchObject({ code: 'TOO_MUCH', executed });
    expect((await call(refund)).error.code).toBe(next);
    expect(effects).toHaveLength(1);
  }
});

test('a code that the manifest does not declare is a bug of the handler', async () => {
  const { call, logged } = refunds({ answer: (_, ctx) => ctx.fail('MADE_UP') });
  expect((await call(refund)).error).toMatchObject({ code: 'INTERNAL', executed: 'unknown' });
  expect(logged.join()).toContain('MADE_UP');
});

test('the handler gets the principal, the operation and its key, and no more of the caller', async () => {
  const { call } = refunds({
    answer: (_, { principal, operationId, idempotencyKey }) => ({ principal, operationId, idempotencyKey }),
  });
  const seen = JSON.parse((await call(refund)).text) as Record<string, unknown>;
  expect(seen['principal']).toEqual({ subject: 'ada', tenant: 'acme' });
  expect(seen['operationId']).toMatch(/^op_/);
  expect(seen['idempotencyKey']).toMatch(/^[0-9a-f]{64}$/);
});

const output = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: { id: { type: 'string' } },
};

test('a result that breaks its promise is withheld, and the effect not repeated', async () => {
  const { call, effects, logged } = refunds({ output, answer: () => ({ id: 7 }) });
  const [first, second] = [await call(refund), await call(refund)];
  expect(first.error).toMatchObject({ code: 'RESULT_INVALID', category: 'internal', executed: 'yes', retry: 'never' });
  expect(second.text).toBe(first.text);
  expect(effects).toHaveLength(1);
  expect(logged.join()).toContain('/id type');
});

test('a result that is no JSON at all leaves a bug report, not a second effect', async () => {
  const { call, effects } = refunds({ answer: () => ({ amount: 1n }) });
  expect((await call(refund)).error).toMatchObject({ code: 'INTERNAL', executed: 'unknown' });
  await call(refund);
  expect(effects).toHaveLength(1);
});

test('text without output schema is sent as it is', async () => {
  const { call } = refunds({ answer: () => 'Refunded "all"' });
  expect((await call(refund)).text).toBe('Refunded "all"');
  expect((await call(refund)).text).toBe('Refunded "all"');
});

test('a handler that returns nothing answers null', async () => {
  const { call } = refunds({ answer: () => undefined });
  expect((await call(refund)).text).toBe('null');
});
