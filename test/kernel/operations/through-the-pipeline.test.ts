import { expect, test } from 'vitest';

import { args, text } from '../../../templates/kernel/expression.ts';
import { openDesk } from '../../../templates/kernel/operations/open-desk.ts';
import type { Policy } from '../../../templates/kernel/policy.ts';
import { counting, run, serverOf, toolOf } from '../pipeline/harness.ts';
import { atTerminal } from './desks.ts';

const refund = { invoice_id: 'inv_1', amount: 5 };
const approver = atTerminal('bo', 'refunds:approve');

const policy: Partial<Policy> = {
  idempotency: { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' },
  sensitive: ['/reason'],
};

function serve(handler: Parameters<typeof toolOf>[0], changes: Partial<Policy> = {}) {
  const tools = [toolOf(handler, { policy: { ...policy, ...changes } })];
  const server = run({ tools });
  const silent = { info: () => {}, warn: () => {}, error: () => {} };
  const audit = { record: () => {} };
  const desk = openDesk(server.store, { server: serverOf(tools), environment: 'test', audit, log: silent });
  return { ...server, desk };
}

test('what needs a yes is executed once, when an operator gave it', async () => {
  const { effects, handler } = counting(() => ({ refund_id: 're_1' }));
  const approval = {
    by: 'approver',
    scope: 'refunds:approve',
    expiresMs: 900_000,
    summary: text('Refund ', args('/amount'), ' cents of ', args('/invoice_id')),
  } as const;
  const { call, desk } = serve(handler, { approval });
  const { error } = await call({ ...refund, reason: 'secret' });
  expect(error).toMatchObject({ code: 'APPROVAL_REQUIRED', executed: 'no' });
  const listed = await desk.list(approver, ['pending-approval']);
  expect(listed.operations).toMatchObject([
    {
      operation_id: error.operation_id,
      subject: 'ada',
      arguments: { ...refund, reason: expect.stringMatching(/^hmac-sha256:/) },
      approval: { summary: 'Refund 5 cents of inv_1', scope: 'refunds:approve' },
    },
  ]);
  await desk.decide(approver, error.operation_id ?? '', { approve: true });
  const again = await call({ ...refund, reason: 'secret' });
  expect(again.ok).toBe(true);
  expect((await call({ ...refund, reason: 'secret' })).text).toBe(again.text);
  expect(effects).toHaveLength(1);
});

test('what an operator found out is what the same call gets', async () => {
  const { effects, handler } = counting(() => {
    throw new Error('lost');
  });
  const { call, desk } = serve(handler);
  const { error } = await call(refund);
  expect(error).toMatchObject({ executed: 'unknown' });
  const id = error.operation_id ?? '';
  expect((await desk.list(approver, ['unknown'])).operations).toMatchObject([{ operation_id: id, arguments: refund }]);
  await desk.resolve(approver, id, { executed: true, result: { refund_id: 're_9' } });
  const again = await call(refund);
  expect(JSON.parse(again.text)).toEqual({ refund_id: 're_9' });
  expect(again.meta).toMatchObject({ 'hardened-mcp/replayed': true });
  expect(effects).toHaveLength(1);
});

test('what did not happen is executed by the same call', async () => {
  const { effects, handler } = counting(() => {
    if (effects.length === 1) throw new Error('lost');
    return { refund_id: 're_2' };
  });
  const { call, desk } = serve(handler);
  const { error } = await call(refund);
  await desk.resolve(approver, error.operation_id ?? '', { executed: false });
  expect((await call(refund)).ok).toBe(true);
  expect(effects).toHaveLength(2);
});
