/** Where people look for operations, and what is removed from there. */
import { expect, test } from 'vitest';

import type { ApprovalRequest } from '../../../../templates/kernel/idempotency/claim.ts';
import type { Shelf } from '../../../../templates/kernel/idempotency/operation.ts';
import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { resultInvalid, resultOmitted, resultUnrecorded } from '../../../../templates/kernel/pipeline/errors.ts';
import { claimOf, refused, succeeded } from '../samples.ts';
import { claim, RETENTION_MS, send, type Fresh } from './subject.ts';

const DAY_MS = 86_400_000;
const KEEP = { idPrefix: '', finishedMs: RETENTION_MS + 3_600_000, failedMs: 30 * DAY_MS + 3_600_000, limit: 100 };
const approval: ApprovalRequest = { by: 'approver', scope: null, summary: '', expiresMs: 7 * DAY_MS, consent: null };

export function testShelves(fresh: Fresh): void {
  const idsOn = async (store: OperationStore, shelf: Shelf, idPrefix = 'op_', limit = 100) =>
    (await store.list({ shelf, idPrefix, limit })).map(({ id }) => id);

  test('each operation is where people look for it, and moves on with its state', async () => {
    const { store } = await fresh();
    const asked = await store.begin(claimOf({ id: 'op_1', key: 'key-1', approval }));
    const waiting = { waiting: ['op_1'], open: [], failed: [] };
    const shelves = async () => ({
      waiting: await idsOn(store, 'waiting'),
      open: await idsOn(store, 'open'),
      failed: await idsOn(store, 'failed'),
    });
    expect(await shelves()).toEqual(waiting);
    await store.decide({ id: asked.operation.id, approve: true, by: 'grace' });
    expect(await shelves()).toEqual({ waiting: [], open: [], failed: [] });
    const operation = await claim(store, { key: 'key-1', approval });
    const open = { waiting: [], open: ['op_1'], failed: [] };
    expect(await shelves()).toEqual(open);
    await store.markSent(operation, null);
    expect(await shelves()).toEqual(open);
    await store.recordUnknown(operation);
    expect(await shelves()).toEqual(open);
    await store.recordOutcome(operation, refused);
    expect(await shelves()).toEqual({ waiting: [], open: [], failed: ['op_1'] });
  });

  test('what succeeded or was released is on no shelf', async () => {
    const { store } = await fresh();
    await store.recordOutcome(await send(store, { key: 'key-1' }), succeeded);
    await store.release(await send(store, { key: 'key-2' }));
    for (const shelf of ['waiting', 'open', 'failed'] as const) expect(await idsOn(store, shelf)).toEqual([]);
  });

  test('a question that another took the place of is not waiting any more', async () => {
    const { store } = await fresh();
    await store.begin(claimOf({ id: 'op_1', approval }));
    await store.begin(claimOf({ id: 'op_2', approval, fingerprint: 'arguments-2' }));
    expect(await idsOn(store, 'waiting')).toEqual(['op_2']);
  });

  test('those changed last come first, as many as are asked for, and of one server only', async () => {
    const { store, passTime } = await fresh();
    for (const id of ['op_a1', 'op_b1', 'op_a2', 'op_a*', 'op_a%']) {
      await claim(store, { id, key: id, leaseMs: DAY_MS });
      await passTime(10);
    }
    expect(await idsOn(store, 'open')).toEqual(['op_a%', 'op_a*', 'op_a2', 'op_b1', 'op_a1']);
    expect(await idsOn(store, 'open', 'op_a')).toEqual(['op_a%', 'op_a*', 'op_a2', 'op_a1']);
    expect(await idsOn(store, 'open', 'op_a', 2)).toEqual(['op_a%', 'op_a*']);
    expect(await idsOn(store, 'open', 'op_a%')).toEqual(['op_a%']);
    expect(await idsOn(store, 'open', 'op_a*')).toEqual(['op_a*']);
    expect(await idsOn(store, 'open', 'op_c')).toEqual([]);
  });

  test('of a long shelf, all is found', async () => {
    const { store } = await fresh();
    const ids = Array.from({ length: 230 }, (_, index) => `op_${index % 2 === 0 ? 'a' : 'b'}${index}`);
    for (const id of ids) await claim(store, { id, key: id });
    expect((await idsOn(store, 'open', 'op_a', 1_000)).toSorted()).toEqual(
      ids.filter((id) => id.startsWith('op_a')).toSorted(),
    );
    expect(await idsOn(store, 'open', 'op_b', 110)).toHaveLength(110);
  });

  test('what is wanted is found behind all that is not, also where all of it was changed at once', async () => {
    const { store } = await fresh();
    const wanted = [];
    for (let index = 0; index < 3; index += 1) wanted.unshift((await claim(store, { key: `acme-${index}` })).id);
    const others = Array.from({ length: 450 }, (_, index) => claim(store, { key: `other-${index}`, tenant: 'other' }));
    await Promise.all(others);
    const idsOf = async (tenant: string, limit: number) => {
      const asked = { shelf: 'open', idPrefix: 'op_', limit } as const;
      return (await store.list({ ...asked, wanted: (one) => one.tenant === tenant })).map(({ id }) => id);
    };
    expect((await idsOf('acme', 9)).toSorted()).toEqual(wanted.toSorted());
    expect(await idsOf('acme', 2)).toHaveLength(2);
    expect(new Set(await idsOf('other', 1_000)).size).toBe(450);
    expect(await idsOf('other', 1_000)).toHaveLength(450);
    expect(await idsOf('nobody', 9)).toEqual([]);
  });

  test('what was executed is no failure where merely its result is not kept, but where it has to be looked at', async () => {
    const { store } = await fresh();
    const errors = [resultOmitted('op_1', { bytes: 9, sha256: '' }), resultUnrecorded('op_2'), resultInvalid('op_3')];
    for (const [index, error] of errors.entries()) {
      const operation = await send(store, { id: `op_${index + 1}`, key: error.code });
      await store.recordOutcome(operation, { ok: false, error });
    }
    // A tool may call an error of its own as it likes.
    const error = { ...resultOmitted('op_4', { bytes: 9, sha256: '' }), executed: 'no' } as const;
    await store.recordOutcome(await send(store, { id: 'op_4', key: 'own' }), { ok: false, error });
    expect((await idsOn(store, 'failed')).toSorted()).toEqual(['op_3', 'op_4']);
    for (const { code } of errors) expect((await store.begin(claimOf({ key: code }))).kind).toBe('done');
  });

  test('what is listed reads as it would by itself', async () => {
    const { store, passTime } = await fresh();
    const { id } = await send(store);
    await passTime(60_001);
    expect(await store.list({ shelf: 'open', idPrefix: id, limit: 1 })).toEqual([await store.findById(id)]);
    expect((await store.findById(id))?.state).toBe('unknown');
  });

  test('what is over is removed after its time: failures last, and what is not over never', async () => {
    const { store, passTime } = await fresh();
    const done = await send(store, { key: 'done' });
    const failed = await send(store, { key: 'failed' });
    const released = await send(store, { key: 'released' });
    const unknown = await send(store, { key: 'unknown' });
    await store.recordOutcome(done, succeeded);
    await store.recordOutcome(failed, refused);
    await store.release(released);
    await store.recordUnknown(unknown);
    const left = async () => {
      const all = await Promise.all([done, failed, released, unknown].map(({ id }) => store.findById(id)));
      return all.flatMap((one) => (one === undefined ? [] : [one.key]));
    };
    await passTime(KEEP.finishedMs - 10_000);
    await store.reap(KEEP);
    expect(await left()).toEqual(['done', 'failed', 'released', 'unknown']);
    await passTime(10_000);
    await store.reap(KEEP);
    expect(await left()).toEqual(['failed', 'unknown']);
    expect(await idsOn(store, 'failed')).toEqual([failed.id]);
    await passTime(KEEP.failedMs - KEEP.finishedMs);
    expect(await store.reap(KEEP)).toBe(1);
    expect(await left()).toEqual(['unknown']);
    expect([await idsOn(store, 'failed'), await idsOn(store, 'open')]).toEqual([[], [unknown.id]]);
  });

  test('a failure that is kept for people keeps nobody from calling again', async () => {
    const { store, passTime } = await fresh();
    await store.recordOutcome(await send(store), refused);
    await passTime(RETENTION_MS);
    expect((await store.begin(claimOf())).kind).toBe('claimed');
    expect(await idsOn(store, 'failed')).toEqual([]);
  });

  test('a question, and a yes to it, stay as long as they stand', async () => {
    const { store, passTime } = await fresh();
    const [asked, agreed] = [
      (await store.begin(claimOf({ key: 'asked', approval }))).operation,
      (await store.begin(claimOf({ key: 'agreed', approval }))).operation,
    ];
    await store.decide({ id: agreed.id, approve: true, by: 'grace' });
    await passTime(approval.expiresMs - 10_000);
    await store.reap(KEEP);
    const states = async () => [(await store.findById(asked.id))?.state, (await store.findById(agreed.id))?.state];
    expect(await states()).toEqual(['pending-approval', 'approved']);
    await passTime(KEEP.finishedMs + 10_000);
    await store.reap(KEEP);
    expect(await states()).toEqual([undefined, undefined]);
    expect(await idsOn(store, 'waiting')).toEqual([]);
  });

  test('a failure is kept as long as the server keeps it that it is of', async () => {
    const { store, passTime } = await fresh();
    for (const id of ['op_a1', 'op_b1', 'op_a2']) {
      await store.recordOutcome(await send(store, { id, key: id }), refused);
    }
    await passTime(20 * DAY_MS);
    await store.reap({ ...KEEP, idPrefix: 'op_c', failedMs: DAY_MS });
    expect((await idsOn(store, 'failed')).toSorted()).toEqual(['op_a1', 'op_a2', 'op_b1']);
    await passTime(KEEP.failedMs - 20 * DAY_MS);
    await store.reap({ ...KEEP, idPrefix: 'op_a' });
    expect(await idsOn(store, 'failed', 'op_a')).toEqual([]);
  });

  test('failures are removed as early as is asked for, but nobody else is kept waiting by theirs', async () => {
    const { store, passTime } = await fresh();
    const failedAs = async (id: string) => {
      await store.recordOutcome(await send(store, { id, key: id }), refused);
      return id;
    };
    for (let index = 0; index < 120; index += 1) await failedAs(`op_b${index}`);
    const old = [await failedAs('op_a1'), await failedAs('op_a2')];
    const unknown = await send(store, { id: 'op_a3', key: 'unknown' });
    await store.recordUnknown(unknown);
    await store.begin(claimOf({ id: 'op_a4', key: 'waiting', approval }));
    await passTime(KEEP.finishedMs);
    await failedAs('op_a5');
    expect(await store.reap({ ...KEEP, idPrefix: 'op_a', failedMs: KEEP.finishedMs })).toBe(2);
    for (const id of old) expect(await store.findById(id)).toBeUndefined();
    for (const id of ['op_a3', 'op_a4', 'op_a5', 'op_b0']) expect(await store.findById(id)).toBeDefined();
    expect(await idsOn(store, 'failed', 'op_a')).toEqual(['op_a5']);
    expect(await idsOn(store, 'failed', 'op_b', 200)).toHaveLength(120);
    expect((await store.begin(claimOf({ key: 'op_a1' }))).kind).toBe('claimed');
    expect(await store.reap({ ...KEEP, idPrefix: 'op_a', failedMs: KEEP.finishedMs })).toBe(0);
  });

  test('no more is removed at once than is asked for', async () => {
    const { store, passTime } = await fresh();
    for (const key of ['a', 'b', 'c']) await store.recordOutcome(await send(store, { key }), refused);
    await passTime(KEEP.failedMs);
    const limited = { ...KEEP, limit: 2 };
    expect([await store.reap(limited), await store.reap(limited), await store.reap(limited)]).toEqual([2, 1, 0]);
  });
}
