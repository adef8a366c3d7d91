import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { ada, counting, freshPath, passTime, run, toolOf, type ServerOptions, type ToolOptions } from './harness.ts';

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

test('the same call twice has one effect and the same bytes as answer, marked as a replay', async () => {
  const { call, effects } = refunds();
  const first = await call(refund);
  const second = await call({ amount: 5, invoice_id: 'inv_1' });
  expect(effects).toHaveLength(1);
  expect(second.text).toBe(first.text);
  expect(first.meta).toBeUndefined();
  expect(second.meta).toEqual({ 'hardened-mcp/replayed': true });
});

test('twenty of the same call at once have one effect', async () => {
  const { call, effects } = refunds({ answer: () => new Promise((resolve) => setImmediate(resolve, { done: true })) });
  const replies = await Promise.all(Array.from({ length: 20 }, () => call(refund)));
  expect(effects).toHaveLength(1);
  expect(replies.filter(({ ok }) => ok).length).toBeGreaterThan(0);
  for (const { error } of replies.filter(({ ok }) => !ok)) {
    expect(error).toMatchObject({
      code: 'IN_PROGRESS',
      category: 'in_progress',
      retry: 'same_call',
      executed: 'pending',
    });
    expect(error.retry_after_ms).toBeGreaterThan(0);
  }
});

test('twenty at once in two processes on one file have one effect', async () => {
  const path = freshPath();
  const effects: unknown[] = [];
  const answer = () => new Promise((resolve) => setImmediate(resolve, { done: effects.push(1) }));
  const [first, second] = [refunds({ path, answer }), refunds({ path, answer })];
  await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? first : second).call(refund)));
  expect(effects).toHaveLength(1);
});

test('the same key with other arguments is a conflict, and changes nothing', async () => {
  const { call, effects } = refunds();
  await call(refund);
  const { error } = await call({ ...refund, amount: 6 });
  expect(error).toMatchObject({
    code: 'IDEMPOTENCY_CONFLICT',
    category: 'idempotency_conflict',
    retry: 'after_fix',
    executed: 'no',
  });
  expect(effects).toHaveLength(1);
});

test('another caller, tenant, tool, server or environment has its own operation under the same key', async () => {
  const path = freshPath();
  const { call, effects } = refunds({ path });
  await call(refund);
  await call(refund, { caller: { ...ada, subject: 'bob' } });
  await call(refund, { caller: { ...ada, tenant: 'other' } });
  expect(effects).toHaveLength(3);
  for (const other of [refunds({ path, name: 'refund' }), refunds({ path, settings: { environment: 'production' } })]) {
    const reply = await other.call(refund);
    expect([reply.ok, reply.meta]).toEqual([true, undefined]);
  }
});

test('a crash before anything was sent ends with the next call executing once', async () => {
  const path = freshPath();
  const dying = refunds({ path, wrap: (store) => ({ ...store, markSent: () => new Promise(() => {}) }) });
  void dying.call(refund);
  await new Promise(setImmediate);
  const { call, effects } = refunds({ path });
  expect((await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, 60_001);
  expect((await call(refund)).ok).toBe(true);
  expect(effects).toHaveLength(1);
});

test('a crash after it was sent leaves it unknown, and it is never run again', async () => {
  const path = freshPath();
  const dying = refunds({ path, answer: () => new Promise(() => {}) });
  void dying.call(refund);
  await expect.poll(() => dying.effects.length).toBe(1);
  const { call, effects } = refunds({ path });
  expect((await call(refund)).error.code).toBe('IN_PROGRESS');
  passTime(path, 60_001);
  for (const _ of [1, 2]) {
    const { error } = await call(refund);
    expect(error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      category: 'outcome_unknown',
      retryable: false,
      retry: 'check_status_first',
      executed: 'unknown',
    });
    expect(error.operation_id).toMatch(/^op_[0-9a-f]{32}$/);
    expect(error.suggested_action).toContain('get_operation_status');
  }
  expect(effects).toEqual([]);
});

test('a value that is set is set again after a crash', async () => {
  const path = freshPath();
  const dying = refunds({ path, idempotency: natural, answer: () => new Promise(() => {}) });
  void dying.call(refund);
  await expect.poll(() => dying.effects.length).toBe(1);
  passTime(path, 60_001);
  const { call, effects } = refunds({ path, idempotency: natural });
  expect((await call(refund)).ok).toBe(true);
  expect(effects).toHaveLength(1);
});

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

test('a result is stripped to the output schema before anybody sees or keeps it', async () => {
  const path = freshPath();
  const { call, store, audit } = refunds({ path, output, answer: () => ({ id: 're_1', card: 'canary-4242' }) });
  const [first, second] = [await call(refund), await call(refund)];
  expect(first.text).toBe('{"id":"re_1"}');
  expect(first.structured).toEqual({ id: 're_1' });
  expect([second.text, second.structured]).toEqual([first.text, first.structured]);
  const kept = await store.findById(audit[0]?.operation_id ?? '');
  expect(JSON.stringify(kept)).not.toContain('canary');
});

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

test('a kept result that no longer fits what the tool returns is not replayed, and nothing is run again', async () => {
  const path = freshPath();
  await refunds({ path, output, answer: () => ({ id: 're_1' }) }).call(refund);
  const today = { ...output, properties: { id: { type: 'integer' } } };
  const { call, effects } = refunds({ path, output: today });
  expect((await call(refund)).error).toMatchObject({ code: 'REPLAY_INCOMPATIBLE', executed: 'yes', retry: 'never' });
  expect(effects).toEqual([]);
});

test('a result too large to keep is told once, and then named by its hash', async () => {
  const { call, effects } = refunds({ answer: () => ({ text: 'x'.repeat(300_000) }) });
  expect((await call(refund)).text).toHaveLength(300_011);
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'RESULT_OMITTED', executed: 'yes', retryable: false });
  expect(error.message).toMatch(/300011 bytes, sha256 [0-9a-f]{64}/);
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
