/** Look-ups and people say what became of an unknown outcome. */
import { expect, test } from 'vitest';

import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { succeeded } from '../samples.ts';
import { claim, kindOf, send, type Fresh } from './subject.ts';

const LEASE_MS = 60_000;
const SETTLE_MS = 10_000;

export function testPeople(fresh: Fresh): void {
  const sendInVain = async (store: OperationStore) => {
    const operation = await send(store);
    await store.recordUnknown(operation);
    return operation;
  };

  test('a look-up that found nothing frees the key, if it began long enough after the attempt', async () => {
    const { store } = await fresh();
    const operation = await sendInVain(store);
    const unknownSince = (await store.findById(operation.id))?.updatedAt ?? 0;
    const settle = (lookedAt: number) => store.settle(operation, { settleMs: SETTLE_MS, lookedAt });
    expect(await settle(unknownSince + SETTLE_MS - 1)).toBe(false);
    expect(await kindOf(store)).toBe('unknown');
    expect(await settle(unknownSince + SETTLE_MS)).toBe(true);
    expect((await claim(store)).id).toBe(operation.id);
  });

  test('for a look-up, a lapsed lease is the end of the attempt', async () => {
    const { store, passTime } = await fresh();
    const operation = await send(store);
    await passTime(LEASE_MS + 1);
    const { leaseUntil = 0 } = (await store.findById(operation.id)) ?? {};
    const settle = (lookedAt: number) => store.settle(operation, { settleMs: SETTLE_MS, lookedAt });
    expect(await settle(leaseUntil + SETTLE_MS - 1)).toBe(false);
    expect(await settle(leaseUntil + SETTLE_MS)).toBe(true);
  });

  test('whatever happened since makes a look-up worthless', async () => {
    const { store } = await fresh();
    const late = { settleMs: 0, lookedAt: Number.MAX_SAFE_INTEGER };
    const operation = await send(store);
    expect(await store.settle(operation, late)).toBe(false);
    await store.recordUnknown(operation);
    const again = await send(store, { afterUnknown: { kind: 'set-again' } });
    await store.recordUnknown(again);
    expect(await store.settle(operation, late)).toBe(false);
    await store.recordOutcome(again, succeeded);
    expect(await store.settle(again, late)).toBe(false);
    expect(await kindOf(store)).toBe('done');
  });

  test('a person says that it was executed, and repeats get that outcome', async () => {
    const { store } = await fresh();
    const { id } = await sendInVain(store);
    expect(await store.resolve({ id, outcome: succeeded, by: 'grace' })).toBe('resolved');
    expect(await store.resolve({ id, outcome: null, by: 'grace' })).toBe('not-unknown');
    expect(await kindOf(store)).toBe('done');
    expect(await store.findById(id)).toMatchObject({ outcome: succeeded, resolvedBy: 'grace' });
  });

  test('a person says that it was not executed, and the same call is', async () => {
    const { store } = await fresh();
    const operation = await sendInVain(store);
    expect(await store.resolve({ id: operation.id, outcome: null, by: 'grace' })).toBe('resolved');
    expect(await store.findById(operation.id)).toMatchObject({ state: 'released', resolvedBy: 'grace' });
    expect(await store.recordOutcome(operation, succeeded)).toBe('lost');
    expect((await claim(store)).fence).toBeGreaterThan(operation.fence);
  });

  test('of several people at once, one is heard', async () => {
    const { store, another } = await fresh();
    const { id } = await sendInVain(store);
    const stores = [store, await another(), await another()];
    const said = await Promise.all(
      stores.map((one, index) => one.resolve({ id, outcome: index === 0 ? null : succeeded, by: `person-${index}` })),
    );
    expect(said.toSorted()).toEqual(['not-unknown', 'not-unknown', 'resolved']);
    expect((await store.findById(id))?.resolvedBy).toBe(`person-${said.indexOf('resolved')}`);
  });

  test('only what is unknown can be resolved', async () => {
    const { store } = await fresh();
    const { id } = await send(store);
    expect(await store.resolve({ id, outcome: null, by: 'grace' })).toBe('not-unknown');
    expect(await store.resolve({ id: 'op_none', outcome: null, by: 'grace' })).toBe('not-found');
    expect(await kindOf(store)).toBe('in-progress');
  });
}
