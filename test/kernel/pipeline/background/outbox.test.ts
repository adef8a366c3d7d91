import { expect, test } from 'vitest';

import type { AuditEvent } from '../../../../templates/kernel/audit.ts';
import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { startRefunds } from '../bank.ts';
import { edit, freshPath, passTime, run, toolOf, type Running } from '../harness.ts';
import { QUARANTINED, refund, refundsAt } from '../refunds.ts';
import { watch, withoutPauses } from './watching.ts';

withoutPauses();

const LEASE_OVER = 60_001;
const waiting = ({ store }: Running) => store.entries(0, '');

function broken(): never {
  throw new Error('the disk is full');
}

test('an event that the sink did not take stays in the store, and another server delivers it, once', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const failing = refundsAt(bank, { path, onAudit: broken });
  expect((await failing.call(refund)).ok).toBe(true);
  const [entry, ...more] = await waiting(failing);
  expect(more).toEqual([]);
  failing.kill();
  passTime(path, LEASE_OVER);
  const servers = [watch(bank, { path }), watch(bank, { path })];
  await Promise.all(servers.map(({ rounds }) => rounds(3)));
  const events = servers.flatMap(({ audit }) => audit);
  expect(events[0]).toMatchObject({ event: 'tool_call', decision: 'executed', executed: 'yes', tool: 'issue_refund' });
  // Two servers may deliver it: by its id it is one.
  expect(new Set(events.map((event) => JSON.stringify(event)))).toEqual(new Set([entry?.text]));
  const again = watch(bank, { path });
  await again.rounds(3);
  expect([again.audit, await waiting(again)]).toEqual([[], []]);
});

test('while its own server may still deliver it, another one does not', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const failing = refundsAt(bank, { path, onAudit: broken });
  await failing.call(refund);
  failing.kill();
  passTime(path, 15_000);
  const { rounds, audit } = watch(bank, { path, settings: { leaseMs: 20_000 } });
  await rounds(0);
  expect(audit).toEqual([]);
  expect(await waiting(failing)).toHaveLength(1);
});

test('an entry that makes no sense holds up no other', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const failing = refundsAt(bank, { path, onAudit: broken });
  await failing.call(refund);
  failing.kill();
  edit(path, `INSERT INTO outbox (id, at, text) SELECT substr(id, 1, 11) || 'x', at - 1, 'no JSON' FROM outbox`);
  passTime(path, LEASE_OVER);
  const { audit, logged, store } = watch(bank, { path });
  await expect.poll(() => audit.length).toBe(1);
  expect((await store.entries(0, '')).map(({ text }) => text)).toEqual(['no JSON']);
  expect(logged.join()).toContain('no JSON');
});

test('a server whose sink works again delivers what it kept', async () => {
  const path = freshPath();
  const bank = await startRefunds();
  const events: AuditEvent[] = [];
  let isBroken = true;
  const onAudit = (event: AuditEvent): void => (isBroken ? broken() : void events.push(event));
  const server = watch(bank, { path, onAudit });
  await server.call(refund);
  passTime(path, LEASE_OVER);
  await server.rounds(1);
  expect(await waiting(server)).toHaveLength(1);
  isBroken = false;
  await expect.poll(() => waiting(server)).toEqual([]);
  expect(events).toMatchObject([{ event: 'tool_call', decision: 'executed' }]);
});

test('what the sink has goes out of the store by itself', async () => {
  const bank = await startRefunds();
  const server = watch(bank, {});
  await server.call(refund);
  expect(server.audit).toHaveLength(1);
  await expect.poll(() => waiting(server)).toEqual([]);
});

test('what is out of the store is not removed again', async () => {
  const bank = await startRefunds();
  const removed: (readonly string[])[] = [];
  const wrap = (store: OperationStore): OperationStore => ({
    ...store,
    removeEntries: (ids) => {
      removed.push(ids);
      return store.removeEntries(ids);
    },
  });
  const server = watch(bank, { wrap });
  await server.call(refund);
  await expect.poll(() => waiting(server)).toEqual([]);
  await server.rounds(2);
  expect(removed).toEqual([[expect.stringContaining('op_')]]);
});

test('a server that closes leaves nothing of what the sink has', async () => {
  const path = freshPath();
  const server = run({ path, tools: [toolOf(() => 'ok', { policy: { idempotency: QUARANTINED } })] });
  await server.call(refund);
  expect(await waiting(server)).toHaveLength(1);
  await server.runtime.close();
  const after = run({ path, tools: [toolOf(() => 'ok')] });
  expect(await waiting(after)).toEqual([]);
});

test.each([
  ['a result', () => 'ok', 'done'],
  ['an outcome that nobody knows', () => broken(), 'unknown'],
  ['a refusal', (_: unknown, ctx: { fail(code: string): never }) => ctx.fail('NO'), 'released'],
] as const)('%s goes on record together with its event', async (_, handler, state) => {
  const errors = [{ code: 'NO', category: 'conflict', message: { parts: ['No.'] } }] as const;
  const policy = { idempotency: QUARANTINED };
  const server = run({ tools: [toolOf(handler, { policy, errors })], onAudit: broken });
  await server.call(refund);
  const [entry] = await waiting(server);
  const event = JSON.parse(entry?.text ?? '{}') as Partial<AuditEvent>;
  expect((await server.store.findById(event.operation_id ?? ''))?.state).toBe(state);
});
