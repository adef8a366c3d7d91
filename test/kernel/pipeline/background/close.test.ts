import { expect, test } from 'vitest';

import { startBank, type BankReply } from '../bank.ts';
import { freshPath, run, toolOf } from '../harness.ts';
import { KEYED, refundTool } from '../refunds.ts';
import { leaveDoubt, watch, withoutPauses } from './watching.ts';

withoutPauses();

test('a server that closes waits for what it is sending again, and records it', async () => {
  const path = freshPath();
  const again = Promise.withResolvers<BankReply>();
  let writes = 0;
  const bank = await startBank(() => {
    writes += 1;
    return writes === 1 ? 'cut off' : again.promise;
  });
  const id = await leaveDoubt(bank, { path, idempotency: KEYED });
  const { runtime, logged } = watch(bank, { path, idempotency: KEYED });
  await expect.poll(() => writes).toBe(2);
  let isClosed = false;
  const closed = runtime.close().then(() => (isClosed = true));
  await new Promise(setImmediate);
  expect(isClosed).toBe(false);
  again.resolve({ status: 200, body: { id: 're_1' } });
  await closed;
  expect(logged).toEqual([]);
  const after = run({ path, tools: [toolOf(() => null)] });
  expect(await after.store.findById(id)).toMatchObject({
    state: 'done',
    outcome: { ok: true, result: '{"id":"re_1"}' },
  });
});

test('a server that closes begins with no other operation', async () => {
  const path = freshPath();
  const again = Promise.withResolvers<BankReply>();
  const names = ['void_invoice', 'send_letter', 'issue_refund'];
  let writes = 0;
  const bank = await startBank(() => {
    writes += 1;
    return writes <= names.length ? 'cut off' : again.promise;
  });
  for (const tool of names) await leaveDoubt(bank, { path, idempotency: KEYED, tool });
  const others = names.slice(0, -1).map((tool) => refundTool({ tool, idempotency: KEYED }));
  const { runtime } = watch(bank, { path, idempotency: KEYED, others });
  await expect.poll(() => writes).toBe(names.length + 1);
  const closed = runtime.close();
  again.resolve({ status: 200, body: { id: 're_1' } });
  await closed;
  expect(writes).toBe(names.length + 1);
});
