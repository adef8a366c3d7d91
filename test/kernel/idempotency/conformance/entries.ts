/** Audit events that are written with the change that they tell of, and taken out once they were delivered. */
import { expect, test } from 'vitest';

import type { Entry } from '../../../../templates/kernel/idempotency/store.ts';
import { claimOf, refused, succeeded } from '../samples.ts';
import { claim, kindOf, send, type Fresh } from './subject.ts';

const entryOf = (id: string): Entry => ({ id, text: JSON.stringify({ event_id: id, note: 'Grüße\n' }) });

export function testEntries(fresh: Fresh): void {
  test('each change brings its entry, until it is taken out', async () => {
    const { store } = await fresh();
    const approval = { by: 'approver', scope: null, summary: '', expiresMs: 900_000, consent: null } as const;
    const asked = await store.begin(claimOf({ key: 'a', approval }));
    await store.decide({ id: asked.operation.id, approve: true, by: 'grace', entry: entryOf('decided') });
    await store.recordOutcome(await send(store, { key: 'b' }), succeeded, entryOf('recorded'));
    await store.release(await claim(store, { key: 'c' }), { entry: entryOf('released') });
    const unknown = await send(store, { key: 'd' });
    await store.recordUnknown(unknown, entryOf('unknown'));
    await store.resolve({ id: unknown.id, outcome: succeeded, by: 'grace', entry: entryOf('resolved') });
    const settled = await send(store, { key: 'e' });
    await store.recordUnknown(settled);
    const lookedAt = Number.MAX_SAFE_INTEGER;
    await store.settle(settled, { settleMs: 0, lookedAt, entry: entryOf('settled') });
    const lapsed = await claim(store, { key: 'f', leaseMs: 0 });
    await store.lapse(lapsed, 'released', entryOf('lapsed'));
    const ids = ['decided', 'lapsed', 'recorded', 'released', 'resolved', 'settled', 'unknown'];
    const byId = (one: Entry, other: Entry) => (one.id < other.id ? -1 : 1);
    expect((await store.entries(0, '')).toSorted(byId)).toEqual(ids.map(entryOf));
    await store.removeEntries(['decided', 'lapsed', 'nobody’s']);
    expect((await store.entries(0, '')).toSorted(byId)).toEqual(ids.slice(2).map(entryOf));
    await store.removeEntries([]);
    await store.removeEntries(ids);
    expect(await store.entries(0, '')).toEqual([]);
  });

  test('what belongs to another server is neither delivered nor removed', async () => {
    const { store } = await fresh();
    const theirs = await send(store, { id: 'op_theirs1', key: 'theirs' });
    await store.recordOutcome(theirs, succeeded, entryOf('op_theirs1.event'));
    expect(await store.entries(0, 'op_ours')).toEqual([]);
    expect(await store.reap({ idPrefix: 'op_ours', finishedMs: 0, failedMs: 0, limit: 9 })).toBe(0);
    expect(await store.findById('op_theirs1')).toMatchObject({ state: 'done' });
    expect(await store.entries(0, 'op_theirs')).toEqual([entryOf('op_theirs1.event')]);
  });

  test('what changes nothing brings no entry', async () => {
    const { store } = await fresh();
    const operation = await send(store);
    const stale = { ...operation, fence: operation.fence - 1 };
    await store.recordOutcome(stale, refused, entryOf('a'));
    await store.release(stale, { entry: entryOf('b') });
    await store.recordUnknown(stale, entryOf('c'));
    await store.resolve({ id: operation.id, outcome: null, by: 'grace', entry: entryOf('d') });
    await store.decide({ id: operation.id, approve: true, by: 'grace', entry: entryOf('e') });
    await store.settle(operation, { settleMs: 0, lookedAt: Number.MAX_SAFE_INTEGER, entry: entryOf('f') });
    await store.lapse(operation, 'unknown', entryOf('g'));
    expect(await store.entries(0, '')).toEqual([]);
    expect(await kindOf(store)).toBe('in-progress');
  });

  test('each server takes out its own', async () => {
    const { store } = await fresh();
    for (const id of ['a_1', 'b_1', 'a_2', 'ab']) {
      await store.release(await claim(store, { key: id }), { entry: entryOf(id) });
    }
    const ids = async (idPrefix: string) => (await store.entries(0, idPrefix)).map(({ id }) => id).toSorted();
    expect([await ids('a_'), await ids('b'), await ids('a*'), await ids('')]).toEqual([
      ['a_1', 'a_2'],
      ['b_1'],
      [],
      ['a_1', 'a_2', 'ab', 'b_1'],
    ]);
  });

  test('those that wait long enough come first, and a hundred at a time', async () => {
    const { store, passTime } = await fresh();
    await store.recordOutcome(await send(store, { key: 'old' }), succeeded, entryOf('old'));
    await passTime(60_000);
    for (let index = 0; index < 105; index += 1) {
      await store.release(await claim(store, { key: `key-${index}` }), { entry: entryOf(`new-${index}`) });
    }
    expect(await store.entries(30_000, '')).toEqual([entryOf('old')]);
    const entries = await store.entries(0, '');
    expect(entries).toHaveLength(100);
    expect(entries[0]).toEqual(entryOf('old'));
  });
}
