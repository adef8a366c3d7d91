import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import { StoreUnavailable } from '../../../templates/kernel/idempotency/store.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { counting, run, toolOf, type ServerOptions } from './harness.ts';

const idempotency: IdempotencyPolicy = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' };
const refund = { invoice_id: 'inv_1', amount: 5 };

function refunds(options: Partial<ServerOptions>) {
  const { effects, handler } = counting();
  return { effects, ...run({ ...options, tools: [toolOf(handler, { policy: { idempotency } })] }) };
}

test('a call whose deadline passed while the store was slow is not sent, and may be sent again', async () => {
  const slow = { now: true };
  const { call, effects } = refunds({
    settings: { deadlineMs: 1_000 },
    wrap: (store) => ({
      ...store,
      markSent: async (claimed, digest) => {
        const holds = await store.markSent(claimed, digest);
        if (slow.now) await new Promise((resolve) => setTimeout(resolve, 1_100));
        return holds;
      },
    }),
  });
  expect((await call(refund)).error).toMatchObject({ code: 'DEADLINE_EXCEEDED', executed: 'no', retry: 'same_call' });
  expect(effects).toEqual([]);
  slow.now = false;
  expect((await call(refund)).ok).toBe(true);
});

test('where the store marks a call as sent but fails to say so, and is gone then, the key is freed once it is back', async () => {
  const failures = { markSent: 1, release: 2 };
  const { call, effects } = refunds({
    wrap: (store) => ({
      ...store,
      markSent: async (claimed, digest) => {
        const holds = await store.markSent(claimed, digest);
        if (failures.markSent-- > 0) throw new StoreUnavailable('the connection was lost');
        return holds;
      },
      release: async (claimed) => {
        if (failures.release-- > 0) throw new StoreUnavailable('the connection was lost');
        return store.release(claimed);
      },
    }),
  });
  expect((await call(refund)).error).toMatchObject({ code: 'STORE_UNAVAILABLE', executed: 'no', retry: 'same_call' });
  await expect.poll(async () => (await call(refund)).ok, { timeout: 10_000 }).toBe(true);
  expect(effects).toHaveLength(1);
});
