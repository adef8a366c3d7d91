import { expect, test } from 'vitest';

import { openMemoryStore } from '../../../../templates/kernel/idempotency/memory-store.ts';
import { createReaper } from '../../../../templates/kernel/pipeline/background/reaper.ts';
import { startBank, type BankReply } from '../bank.ts';
import { edit, freshPath, passTime, RETENTION_MS } from '../harness.ts';
import { QUARANTINED, refund, type RefundOptions } from '../refunds.ts';
import { watch, withoutPauses } from './watching.ts';

withoutPauses();

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** An operation that ended so, and is that old when the next server starts. */
async function startAged(reply: BankReply, ageMs: number, options: RefundOptions = {}) {
  const path = freshPath();
  const bank = await startBank(() => reply);
  const old = watch(bank, { ...options, path });
  await old.call(refund);
  const id = old.calls()[0]?.operation_id ?? '';
  old.kill();
  passTime(path, ageMs);
  const young = watch(bank, { ...options, path });
  await young.rounds(1);
  return { path, bank, id, ...young };
}

const ok = { status: 200, body: { id: 're_1' } };

test.each<[string, BankReply, number, string | undefined, RefundOptions]>([
  ['done, within an hour after its time', ok, RETENTION_MS + HOUR_MS - 10_000, 'done', {}],
  ['done, an hour after its time', ok, RETENTION_MS + HOUR_MS + 1, undefined, {}],
  ['refused, an hour after its time', { status: 422 }, RETENTION_MS + HOUR_MS + 1, undefined, {}],
  ['in doubt, after a year', 'cut off', 365 * DAY_MS, 'unknown', {}],
  ['failed for good, after 29 days', { status: 200, body: { id: 7 } }, 29 * DAY_MS, 'done', {}],
  ['failed for good, after 30 days', { status: 200, body: { id: 7 } }, 30 * DAY_MS + 1, undefined, {}],
])('what is %s', async (_, reply, ageMs, state, options) => {
  const { stateOf, id } = await startAged(reply, ageMs, { idempotency: QUARANTINED, ...options });
  await expect.poll(() => stateOf(id)).toBe(state);
});

test('a call that comes after its time and before it is removed executes anew', async () => {
  const { call, bank } = await startAged(ok, RETENTION_MS + 1);
  expect(await call(refund)).toMatchObject({ ok: true, meta: undefined });
  expect(bank.writes()).toHaveLength(2);
});

test('however many there are, they go in one round, a few at a time', async () => {
  const path = freshPath();
  const bank = await startBank(() => ok);
  const old = watch(bank, { path });
  await old.call(refund);
  old.kill();
  edit(
    path,
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
     INSERT INTO operations (key, id, fingerprint, tool, subject, tenant, state, fence, lease_until, created_at,
       updated_at, outcome, details, shelf, stands_until)
     SELECT key || i, id || i, fingerprint, tool, subject, tenant, state, fence, lease_until, created_at,
       updated_at, outcome, details, shelf, stands_until FROM operations, n`,
  );
  passTime(path, RETENTION_MS + HOUR_MS + 1);
  const reaped: number[] = [];
  watch(bank, {
    path,
    wrap: (store) => ({
      ...store,
      reap: async (keep) => {
        reaped.push(await store.reap(keep));
        return reaped.at(-1) ?? 0;
      },
    }),
  });
  await expect.poll(() => reaped).toEqual([200, 200, 51]);
});

test('a round ends, however much is left for the next one', async () => {
  let asked = 0;
  const reap = async (): Promise<number> => {
    asked += 1;
    return 200;
  };
  await createReaper({ ...openMemoryStore({ retentionMs: DAY_MS }), reap }, { idPrefix: 'op_', retentionMs: DAY_MS })();
  expect(asked).toBe(50);
});
