import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { AnyHandler } from '../../../templates/kernel/handler.ts';
import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { createRuntime } from '../../../templates/kernel/runtime.ts';
import { counting, READ_POLICY, run, serverOf, SETTINGS, toolOf, type ServerOptions } from './harness.ts';

const idempotency: IdempotencyPolicy = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' };
const refund = { invoice_id: 'inv_1', amount: 5 };

function refunds(options: Partial<ServerOptions> & { answer?: AnyHandler } = {}) {
  const { effects, handler } = counting(options.answer);
  return { effects, ...run({ ...options, tools: [toolOf(handler, { policy: { idempotency } })] }) };
}

/** A promise and what settles it. */
function gate<Value>() {
  return Promise.withResolvers<Value>();
}

test('a call that was cancelled before it began reaches neither the handler nor the store', async () => {
  const { call, effects, store, audit } = refunds();
  const { error } = await call(refund, { signal: AbortSignal.abort() });
  expect(error.code).toBe('CANCELLED');
  expect(effects).toEqual([]);
  expect(await store.findById(audit[0]?.operation_id ?? '')).toBeUndefined();
});

test('a store that breaks in a way nobody thought of leaves the outcome unknown, not the caller without an answer', async () => {
  const { call, logged } = refunds({
    wrap: (store) => ({ ...store, recordOutcome: () => Promise.reject(new TypeError('a bug')) }),
  });
  expect((await call(refund)).error).toMatchObject({
    code: 'INTERNAL',
    executed: 'unknown',
    retry: 'check_status_first',
  });
  expect(logged.join()).toContain('a bug');
});

test('a client that leaves after it was sent changes nothing: the work ends and is recorded', async () => {
  const client = new AbortController();
  const { promise, resolve } = gate<object>();
  const signals: AbortSignal[] = [];
  const { call, effects } = refunds({
    answer: (_, ctx) => {
      signals.push(ctx.signal);
      client.abort();
      return promise;
    },
  });
  const leaving = call(refund, { signal: client.signal });
  await expect.poll(() => signals.length).toBe(1);
  expect(signals[0]?.aborted).toBe(false);
  resolve({ refunded: true });
  const { text } = await leaving;
  expect((await call(refund)).text).toBe(text);
  expect(effects).toHaveLength(1);
});

test('a write that outlasts the deadline is unknown, until its outcome comes after all', async () => {
  const { promise, resolve } = gate<object>();
  const { call, effects } = refunds({ settings: { deadlineMs: 1_000 }, answer: () => promise });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', executed: 'unknown', retry: 'check_status_first' });
  expect((await call(refund)).error.operation_id).toBe(error.operation_id);
  resolve({ late: true });
  await expect.poll(async () => (await call(refund)).text).toBe('{"late":true}');
  expect(effects).toHaveLength(1);
});

function reads(answer: AnyHandler, options: Partial<ServerOptions> = {}) {
  const { effects, handler } = counting(answer);
  return { effects, ...run({ ...options, tools: [toolOf(handler, { policy: READ_POLICY })] }) };
}

test('a read that outlasts the deadline has done nothing, and its work is told to stop', async () => {
  const signals: AbortSignal[] = [];
  const { call } = reads(
    (_, ctx) => {
      signals.push(ctx.signal);
      return new Promise(() => {});
    },
    { settings: { deadlineMs: 30 } },
  );
  expect((await call(refund)).error).toMatchObject({
    code: 'DEADLINE_EXCEEDED',
    category: 'unavailable',
    executed: 'no',
    retry: 'same_call',
  });
  expect(signals[0]?.aborted).toBe(true);
});

test('a read stops with its client', async () => {
  const client = new AbortController();
  const { call } = reads((_, ctx) => {
    client.abort();
    return new Promise((_resolve, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('stopped'))));
  });
  expect((await call(refund, { signal: client.signal })).error).toMatchObject({ code: 'CANCELLED', executed: 'no' });
});

test('a read that throws has done nothing', async () => {
  const { call } = reads(() => {
    throw new TypeError('undefined is not a function');
  });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'INTERNAL', executed: 'no', retry: 'never' });
  expect(error.operation_id).toMatch(/^op_/);
});

test('reads never touch the store', async () => {
  const touched: string[] = [];
  const wrap = (store: OperationStore): OperationStore =>
    new Proxy(store, {
      get(target, method, receiver) {
        touched.push(String(method));
        return Reflect.get(target, method, receiver) as unknown;
      },
    });
  const { call } = reads(() => ({ ok: true }), { wrap });
  await call(refund);
  await call({ amount: 0 });
  expect(touched).toEqual([]);
});

test('a server with tools that write does not start without a store', () => {
  const options = { settings: SETTINGS, audit: { record: () => {} }, log: { info() {}, warn() {}, error() {} } };
  const server = serverOf([toolOf(() => null)]);
  expect(() => createRuntime(server, options)).toThrow(/operation store/);
  expect(createRuntime(serverOf([toolOf(() => null, { policy: READ_POLICY })]), options)).toBeDefined();
});

test('schemas are loaded on the first call, once, and again only if that failed', async () => {
  let loads = 0;
  const tool = toolOf(() => ({ ok: true }), { policy: READ_POLICY });
  const { call, logged } = run({
    tools: [
      {
        ...tool,
        validators: () => {
          loads += 1;
          return loads === 1 ? Promise.reject(new Error('no such module')) : tool.validators();
        },
      },
    ],
  });
  expect(loads).toBe(0);
  expect((await call(refund)).error).toMatchObject({ code: 'INTERNAL', executed: 'no' });
  expect(logged.join()).toContain('no such module');
  for (const _ of [1, 2, 3]) expect((await call(refund)).ok).toBe(true);
  expect(loads).toBe(2);
});

test('closing waits for calls under way, then closes the store', async () => {
  const { promise, resolve } = gate<object>();
  const { call, effects, runtime, store } = refunds({ answer: () => promise });
  const answer = call(refund);
  await expect.poll(() => effects.length).toBe(1);
  const closed = runtime.close();
  resolve({ done: true });
  const { ok, meta } = await answer;
  expect([ok, meta]).toEqual([true, undefined]);
  await closed;
  await expect(store.ping()).rejects.toThrow(StoreUnavailable);
});
