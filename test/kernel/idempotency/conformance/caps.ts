/** Effects are counted, so that there are never more than the caps allow. */
import { expect, test } from 'vitest';

import type { Cap, Claim } from '../../../../templates/kernel/idempotency/claim.ts';
import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { claimOf, succeeded } from '../samples.ts';
import { claim, kindOf, send, type Fresh } from './subject.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const capOf = (limit: number, changes: Partial<Cap> = {}): Cap => ({
  counter: 'refunds/run-1',
  window: 'run',
  limit,
  ...changes,
});

export function testCaps(fresh: Fresh): void {
  const kinds = async (store: OperationStore, keys: readonly string[], changes: Partial<Claim>) => {
    const answers: string[] = [];
    for (const key of keys) answers.push(await kindOf(store, { key, ...changes }));
    return answers;
  };

  test('a cap lets so many through and no more, and says which it is', async () => {
    const { store } = await fresh();
    const caps = [capOf(2)];
    expect(await kinds(store, ['a', 'b', 'c'], { caps })).toEqual(['claimed', 'claimed', 'cap-exceeded']);
    const full = await store.begin(claimOf({ key: 'd', caps }));
    expect(full).toMatchObject({ kind: 'cap-exceeded', cap: capOf(2), endsInMs: null });
    expect(await store.findById(full.operation.id)).toBeUndefined();
    expect(await kindOf(store, { key: 'd', caps: [capOf(9, { counter: 'refunds/run-2' })] })).toBe('claimed');
  });

  test('a repeat is no other effect', async () => {
    const { store } = await fresh();
    const caps = [capOf(1)];
    const operation = await send(store, { caps });
    expect(await kindOf(store, { caps })).toBe('in-progress');
    await store.recordOutcome(operation, succeeded);
    expect(await kindOf(store, { caps })).toBe('done');
  });

  test('hours and days are told by the store’s clock', async () => {
    const { store } = await fresh();
    const caps = [capOf(1, { counter: 'hourly', window: 'hour' }), capOf(1, { counter: 'daily', window: 'day' })];
    const { createdAt, charges } = await claim(store, { key: 'a', caps });
    expect(charges).toEqual([`hourly:${Math.floor(createdAt / HOUR_MS)}`, `daily:${Math.floor(createdAt / DAY_MS)}`]);
    // The daily one alone, so that it makes no difference whether the hour ends just now.
    const [before, full] = [await store.now(), await store.begin(claimOf({ key: 'b', caps: caps.slice(1) }))];
    const after = await store.now();
    const endsInMs = full.kind === 'cap-exceeded' ? (full.endsInMs ?? 0) : 0;
    expect(endsInMs).toBeGreaterThanOrEqual(DAY_MS - (after % DAY_MS));
    expect(endsInMs).toBeLessThanOrEqual(DAY_MS - (before % DAY_MS));
  });

  test('of several caps, a full one charges none of the others', async () => {
    const { store } = await fresh();
    const [small, large] = [capOf(1), capOf(3, { counter: 'refunds/all' })];
    expect(await kinds(store, ['a', 'b', 'c'], { caps: [large, small] })).toEqual([
      'claimed',
      'cap-exceeded',
      'cap-exceeded',
    ]);
    expect(await kinds(store, ['d', 'e', 'f'], { caps: [large] })).toEqual(['claimed', 'claimed', 'cap-exceeded']);
  });

  test('of several full caps, the first is named', async () => {
    const { store } = await fresh();
    const caps = [capOf(1, { counter: 'b' }), capOf(1, { counter: 'a' })];
    await claim(store, { key: 'a', caps });
    expect(await store.begin(claimOf({ key: 'b', caps }))).toMatchObject({ cap: { counter: 'b' } });
  });

  test('what was not executed is given back, once; what may have been is not', async () => {
    const { store } = await fresh();
    const caps = [capOf(1)];
    const released = await send(store, { key: 'a', caps });
    await store.release(released);
    await store.release(released);
    const unknown = await send(store, { key: 'b', caps });
    await store.recordUnknown(unknown);
    expect(await kinds(store, ['a', 'c'], { caps })).toEqual(['cap-exceeded', 'cap-exceeded']);
    await store.resolve({ id: unknown.id, outcome: null, by: 'grace' });
    expect(await kinds(store, ['a', 'c'], { caps })).toEqual(['claimed', 'cap-exceeded']);
  });

  test('what is taken over or sent again is charged once', async () => {
    const { store, passTime } = await fresh();
    const afterUnknown = { kind: 'resend', withinMs: DAY_MS } as const;
    const changes = { caps: [capOf(2)], afterUnknown };
    await claim(store, { key: 'a', ...changes });
    await passTime(60_001);
    await send(store, { key: 'a', ...changes });
    await passTime(60_001);
    await claim(store, { key: 'a', ...changes });
    expect(await kinds(store, ['b', 'c'], changes)).toEqual(['claimed', 'cap-exceeded']);
  });

  test('a full cap leaves the yes for later', async () => {
    const { store } = await fresh();
    const caps = [capOf(1)];
    const approval = { by: 'approver', scope: null, summary: '', expiresMs: 900_000, consent: null } as const;
    const first = await claim(store, { key: 'a', caps });
    const asked = await store.begin(claimOf({ key: 'b', caps, approval }));
    await store.decide({ id: asked.operation.id, approve: true, by: 'grace' });
    expect(await kindOf(store, { key: 'b', caps, approval })).toBe('cap-exceeded');
    expect((await store.findById(asked.operation.id))?.state).toBe('approved');
    await store.release(first);
    expect(await kindOf(store, { key: 'b', caps, approval })).toBe('claimed');
  });

  test('a counter that is gone is not made again by what is given back', async () => {
    const { store, passTime } = await fresh();
    const caps = [capOf(1)];
    const first = await send(store, { key: 'a', caps });
    await passTime(31 * DAY_MS);
    await store.reap({ idPrefix: '', finishedMs: DAY_MS, failedMs: DAY_MS, limit: 100 });
    await store.release(first);
    // Below zero, it would let two through.
    expect(await kinds(store, ['b', 'c'], { caps })).toEqual(['claimed', 'cap-exceeded']);
  });

  test('a run goes on as long as something happens in it', async () => {
    const { store, passTime } = await fresh();
    const caps = [capOf(2)];
    for (const key of ['a', 'b']) {
      await claim(store, { key, caps });
      await passTime(20 * DAY_MS);
      await store.reap({ idPrefix: '', finishedMs: DAY_MS, failedMs: DAY_MS, limit: 100 });
    }
    expect(await kinds(store, ['c'], { caps })).toEqual(['cap-exceeded']);
    await passTime(10 * DAY_MS);
    await store.reap({ idPrefix: '', finishedMs: DAY_MS, failedMs: DAY_MS, limit: 100 });
    expect(await kinds(store, ['c'], { caps })).toEqual(['claimed']);
  });

  test('however much is given back, a counter counts from zero', async () => {
    const { store, passTime } = await fresh();
    const caps = [capOf(2)];
    const old = [await send(store, { key: 'a', caps }), await send(store, { key: 'b', caps })];
    await passTime(31 * DAY_MS);
    await store.reap({ idPrefix: '', finishedMs: DAY_MS, failedMs: DAY_MS, limit: 100 });
    await claim(store, { key: 'c', caps });
    for (const one of old) await store.release(one);
    expect(await kinds(store, ['d', 'e', 'f'], { caps })).toEqual(['claimed', 'claimed', 'cap-exceeded']);
  });

  test('of many different calls at once, as many get through as the cap allows', async () => {
    const { store, another } = await fresh();
    const stores = [store, await another(), await another(), await another()];
    const caps = [capOf(10), capOf(150, { counter: 'refunds/all' })];
    const begun = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        kindOf(stores[index % 4] ?? store, { key: `key-${index}`, caps: index % 2 === 0 ? caps : caps.toReversed() }),
      ),
    );
    expect(begun.filter((kind) => kind === 'claimed')).toHaveLength(10);
    expect(begun.filter((kind) => kind === 'cap-exceeded')).toHaveLength(190);
    expect(await kinds(store, ['x'], { caps: [capOf(11)] })).toEqual(['claimed']);
    expect(await kinds(store, ['y'], { caps: [capOf(11)] })).toEqual(['cap-exceeded']);
  });
}
