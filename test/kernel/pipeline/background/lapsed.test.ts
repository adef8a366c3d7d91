import { expect, test, vi } from 'vitest';

import type { AnyHandler } from '../../../../templates/kernel/handler.ts';
import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { startRefunds } from '../bank.ts';
import { freshPath, passTime, run, toolOf, type Running } from '../harness.ts';
import { byInvoice, LOOKUP, QUARANTINED, refund, refundsAt, type RefundOptions } from '../refunds.ts';
import { leaveDoubt, watch, withoutPauses, type Watching } from './watching.ts';

withoutPauses();

const LEASE_OVER = 60_001;
const capped = { caps: { perDay: 1, per: 'principal' } } as const;

/** Leaves the operation of a server that dies at this method of its store. Answers its id. */
async function dieAt(method: 'markSent' | 'recordOutcome', path: string, options: RefundOptions = {}) {
  const bank = await startRefunds();
  const dead = Promise.withResolvers<string>();
  const dying: Running = refundsAt(bank, {
    ...options,
    path,
    wrap: (store) => ({
      ...store,
      [method]: () => {
        dying.kill();
        void dying.store
          .list({ shelf: 'open', idPrefix: 'op_', limit: 1 })
          .then(([operation]) => dead.resolve(operation?.id ?? ''));
        return new Promise(() => {});
      },
    }),
  });
  void dying.call(refund);
  return { bank, id: await dead.promise };
}

const told = (servers: readonly Watching[]) => servers.flatMap(({ conclusions }) => conclusions());

test('a claim that its server left is free again, with what it was charged, and one server says so', async () => {
  const path = freshPath();
  const { bank, id } = await dieAt('markSent', path, { policy: capped });
  const servers = [1, 2, 3].map(() => watch(bank, { path, policy: capped }));
  const [first] = servers;
  await Promise.all(servers.map(({ rounds }) => rounds(1)));
  expect(await first?.stateOf(id)).toBe('claimed');
  passTime(path, LEASE_OVER);
  await Promise.all(servers.map(({ rounds }) => rounds(1)));
  expect(await first?.stateOf(id)).toBe('released');
  expect(told(servers)).toMatchObject([{ by: 'lapsed_claim', state: 'released', executed: 'no', operation_id: id }]);
  expect((await first?.call({ ...refund, invoice_id: 'inv_2' }))?.ok).toBe(true);
  expect(bank.effects).toHaveLength(1);
});

test('what may have been sent and lost its server is UNKNOWN, and one server says so, once', async () => {
  const path = freshPath();
  const { bank, id } = await dieAt('recordOutcome', path);
  passTime(path, LEASE_OVER);
  const servers = [1, 2, 3].map(() => watch(bank, { path, idempotency: QUARANTINED }));
  await Promise.all(servers.map(({ rounds }) => rounds(2)));
  expect(await servers[0]?.stateOf(id)).toBe('unknown');
  expect(told(servers)).toMatchObject([
    { by: 'lapsed_claim', state: 'unknown', executed: 'unknown', operation_id: id },
  ]);
  expect(bank.effects).toHaveLength(1);
});

test.each([
  ['claimed', 'markSent'],
  ['sent', 'recordOutcome'],
] as const)('an operation that is %s and under way is left alone: nothing is asked about it', async (state, method) => {
  const path = freshPath();
  const idempotency = byInvoice({ recovery: 'look-up', lookup: { ...LOOKUP, settleMs: 0 } });
  const { bank, id } = await dieAt(method, path, { idempotency });
  const asked: string[] = [];
  const { rounds, stateOf, conclusions } = watch(bank, { path, idempotency, wrap: noting(asked) });
  await rounds(2);
  expect([await stateOf(id), bank.reads(), asked, conclusions()]).toEqual([state, [], [], []]);
});

test('a doubt that was told is not told again', async () => {
  const path = freshPath();
  const bank = await startRefunds({ lose: 1 });
  const id = await leaveDoubt(bank, { path });
  passTime(path, LEASE_OVER);
  const asked: string[] = [];
  const { rounds, stateOf } = watch(bank, { path, wrap: noting(asked) });
  await rounds(2);
  expect([await stateOf(id), asked]).toEqual(['unknown', []]);
});

/** Notes which operations' leases the store is told to be over. */
function noting(asked: string[]): (store: OperationStore) => OperationStore {
  return (store) => ({
    ...store,
    lapse: (claimed, ...more) => {
      asked.push(claimed.key);
      return store.lapse(claimed, ...more);
    },
  });
}

test('however long it was under way, it is looked after as soon as its lease is over', async () => {
  const path = freshPath();
  const { bank, id } = await dieAt('recordOutcome', path);
  // Time stands still: what waits for another try waits for ever.
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { rounds, conclusions } = watch(bank, { path });
  await rounds(2);
  passTime(path, LEASE_OVER);
  await rounds(1);
  expect(conclusions()).toMatchObject([{ by: 'lapsed_claim', state: 'unknown', operation_id: id }]);
});

test('what has finished steps waits for its caller, who goes on from there', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const policy = { idempotency: byInvoice({ recovery: 'resume' }) };
  const steps: string[] = [];
  const handler =
    (between: () => void): AnyHandler =>
    async (_, ctx) => {
      await ctx.step('first', () => steps.push('first'));
      between();
      return ctx.step('second', () => steps.push('second'));
    };
  const dying = run({
    path,
    tools: [
      toolOf(
        handler(() => dying.kill()),
        { policy },
      ),
    ],
  });
  void dying.call(refund);
  await expect.poll(() => steps).toEqual(['first']);
  passTime(path, LEASE_OVER);
  const [operation] = await dying.store.list({ shelf: 'open', idPrefix: 'op_', limit: 1 });
  const others = [
    toolOf(
      handler(() => {}),
      { policy, name: 'in_steps' },
    ),
  ];
  const { rounds, stateOf, conclusions } = watch(bank, { path, others });
  await rounds(2);
  expect([await stateOf(operation?.id ?? ''), conclusions()]).toEqual(['claimed', []]);
  const { call } = run({
    path,
    tools: [
      toolOf(
        handler(() => {}),
        { policy },
      ),
    ],
  });
  expect((await call(refund)).text).toBe('2');
  expect(steps).toEqual(['first', 'second']);
});

test('what another server or environment left in the same store is not touched', async () => {
  const path = freshPath();
  const { bank, id } = await dieAt('markSent', path);
  passTime(path, LEASE_OVER);
  const others = [
    watch(bank, { path, name: 'another' }),
    watch(bank, { path, settings: { leaseMs: 1_000, environment: 'staging' } }),
  ];
  await Promise.all(others.map(({ rounds }) => rounds(1)));
  expect([await others[0]?.stateOf(id), told(others)]).toEqual(['claimed', []]);
});
