import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { AnyHandler } from '../../../templates/kernel/handler.ts';
import { StoreUnavailable } from '../../../templates/kernel/idempotency/store.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { ada, counting, freshPath, run, toolOf, type ServerOptions } from './harness.ts';

const idempotency: IdempotencyPolicy = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' };
const refund = { invoice_id: 'inv_1', amount: 5 };
const STATUS = { name: 'get_operation_status' };

async function afterOne(answer: AnyHandler, options: Partial<ServerOptions> & { terminal?: true } = {}) {
  const { handler } = counting(answer);
  const declared = { code: 'TOO_MUCH', category: 'conflict', message: { parts: ['Too much.'] } } as const;
  const errors = [{ ...declared, ...(options.terminal ? { terminal: true as const } : {}) }];
  const server = run({ ...options, tools: [toolOf(handler, { policy: { idempotency }, errors })] });
  await server.call(refund);
  return { ...server, id: server.audit[0]?.operation_id ?? '' };
}

test('a finished operation tells its result', async () => {
  const { call, id } = await afterOne(() => ({ refund_id: 're_1' }));
  const { structured, text } = await call({ operation_id: id }, STATUS);
  expect(structured).toEqual({
    operation_id: id,
    tool: 'issue_refund',
    state: 'done',
    executed: 'yes',
    result: { refund_id: 're_1' },
  });
  expect(JSON.parse(text)).toEqual(structured);
});

test('a final refusal tells its error', async () => {
  const { call, id } = await afterOne((_, ctx) => ctx.fail('TOO_MUCH'), { terminal: true });
  expect((await call({ operation_id: id }, STATUS)).structured).toMatchObject({
    state: 'done',
    executed: 'no',
    error: { code: 'TOO_MUCH' },
  });
});

test('a refusal that freed the key was not executed', async () => {
  const { call, id } = await afterOne((_, ctx) => ctx.fail('TOO_MUCH'));
  expect((await call({ operation_id: id }, STATUS)).structured).toMatchObject({ state: 'released', executed: 'no' });
});

test('an unknown outcome is told as such, under the id that the failed call gave', async () => {
  const { call } = await afterOne(() => {
    throw new Error('lost');
  });
  const { error } = await call(refund);
  const { structured } = await call({ operation_id: error.operation_id }, STATUS);
  expect(structured).toEqual({
    operation_id: error.operation_id,
    tool: 'issue_refund',
    state: 'unknown',
    executed: 'unknown',
  });
});

test('nobody else learns that the operation exists', async () => {
  const { call, id } = await afterOne(() => null);
  const absent = await call({ operation_id: 'op_0123456789abcdef0123456789abcdef' }, STATUS);
  expect(absent.error).toMatchObject({ code: 'OPERATION_NOT_FOUND', category: 'not_found' });
  const { tenant: _, ...homeless } = ada;
  for (const caller of [{ ...ada, subject: 'bob' }, { ...ada, tenant: 'other' }, homeless]) {
    const { error } = await call({ operation_id: id }, { ...STATUS, caller });
    expect({ ...error, operation_id: '' }).toEqual({ ...absent.error, operation_id: '' });
  }
});

test('another environment on the same store does not know it', async () => {
  const path = freshPath();
  const { id } = await afterOne(() => null, { path });
  const { call } = run({ path, settings: { environment: 'production' }, tools: [toolOf(() => null)] });
  expect((await call({ operation_id: id }, STATUS)).error.code).toBe('OPERATION_NOT_FOUND');
});

test('a caller who lost the right to the tool learns the state, not the result', async () => {
  const { call, id } = await afterOne(() => ({ refund_id: 're_1' }));
  const { structured } = await call({ operation_id: id }, { ...STATUS, caller: { ...ada, scopes: new Set() } });
  expect(structured).toEqual({ operation_id: id, tool: 'issue_refund', state: 'done', executed: 'yes' });
});

test.each([
  [{}, { field: '/operation_id', rule: 'required' }],
  [{ operation_id: 7 }, { field: '/operation_id', rule: 'type' }],
  [{ operation_id: 'op_1' }, { field: '/operation_id', rule: 'pattern' }],
  [
    { operation_id: 'op_0123456789abcdef0123456789abcdef', all: true },
    { field: '/all', rule: 'additionalProperties' },
  ],
])('the arguments %j are refused', async (given, violation) => {
  const { call } = await afterOne(() => null);
  const { error } = await call(given, STATUS);
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENTS', violations: [violation] });
});

test('where the store is down, that is what is said', async () => {
  const { call, id } = await afterOne(() => null, {
    wrap: (store) => ({ ...store, findById: () => Promise.reject(new StoreUnavailable('gone')) }),
  });
  expect((await call({ operation_id: id }, STATUS)).error).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    retry: 'same_call',
  });
});

test('it reads, so it needs no writes to be turned on', async () => {
  const { call } = run({ settings: { writes: false }, tools: [toolOf(() => null)] });
  const { error } = await call({ operation_id: 'op_0123456789abcdef0123456789abcdef' }, STATUS);
  expect(error.code).toBe('OPERATION_NOT_FOUND');
});
