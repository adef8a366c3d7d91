/** A handler that does its work in steps, and calls that go on where an earlier one stopped. */
import { expect, test } from 'vitest';

import { claimOf, succeeded } from '../samples.ts';
import { claim, kindOf, RETENTION_MS, type Fresh } from './subject.ts';

const LEASE_MS = 60_000;
const reserved = { name: 'reserve', result: { reservation: 'r_1' }, between: true } as const;

export function testSteps(fresh: Fresh): void {
  test('what stopped between two steps goes on with the second', async () => {
    const { store, passTime } = await fresh();
    const first = await claim(store);
    expect(await store.startStep(first, 'reserve')).toBe(true);
    expect((await store.findById(first.id))?.step).toBe('reserve');
    expect(await store.finishStep(first, reserved)).toBe(true);
    await passTime(LEASE_MS + 1);
    const second = await claim(store);
    expect(second).toMatchObject({ id: first.id, steps: { reserve: { reservation: 'r_1' } }, step: null });
    expect(await store.startStep(first, 'pay')).toBe(false);
    expect(await store.startStep(second, 'pay')).toBe(true);
    expect(await store.finishStep(second, { name: 'pay', result: null, between: true })).toBe(true);
    expect(await store.recordOutcome(second, succeeded)).toBe('recorded');
    expect((await store.findById(first.id))?.steps).toEqual({ reserve: { reservation: 'r_1' }, pay: null });
  });

  test('what stopped within a step is unknown', async () => {
    const { store, passTime } = await fresh();
    const operation = await claim(store);
    await store.startStep(operation, 'reserve');
    await passTime(LEASE_MS + 1);
    expect(await kindOf(store)).toBe('unknown');
    expect(await store.findById(operation.id)).toMatchObject({ state: 'unknown', step: 'reserve' });
  });

  test('a handler that also acts outside of steps is under way between them, too', async () => {
    const { store, passTime } = await fresh();
    const operation = await claim(store);
    await store.startStep(operation, 'reserve');
    await store.finishStep(operation, { ...reserved, between: false });
    await passTime(LEASE_MS + 1);
    expect(await kindOf(store)).toBe('unknown');
  });

  test('a step that ends late is on record, and the operation unknown', async () => {
    const { store, passTime } = await fresh();
    const operation = await claim(store);
    await store.startStep(operation, 'reserve');
    await passTime(LEASE_MS + 1);
    expect(await kindOf(store)).toBe('unknown');
    expect(await store.finishStep(operation, reserved)).toBe(true);
    const { reserve } = (await store.findById(operation.id))?.steps ?? {};
    expect([reserve, await kindOf(store)]).toEqual([reserved.result, 'unknown']);
  });

  test('steps come one at a time, and end by their name', async () => {
    const { store } = await fresh();
    const operation = await claim(store);
    expect(await store.startStep(operation, 'reserve')).toBe(true);
    expect(await store.startStep(operation, 'pay')).toBe(false);
    expect(await store.finishStep(operation, { ...reserved, name: 'pay' })).toBe(false);
    expect(await store.finishStep(operation, reserved)).toBe(true);
    expect(await store.finishStep(operation, reserved)).toBe(false);
  });

  test('of several that begin the same step at once, one does', async () => {
    const { store, another } = await fresh();
    const operation = await claim(store);
    const stores = [store, await another(), await another()];
    for (const name of ['reserve', 'pay', 'notify']) {
      const began = await Promise.all(stores.map((one) => one.startStep(operation, name)));
      expect(began.filter(Boolean)).toHaveLength(1);
      const ended = await Promise.all(stores.map((one) => one.finishStep(operation, { ...reserved, name })));
      expect(ended.filter(Boolean)).toHaveLength(1);
    }
  });

  test('finished steps outlive a release: other arguments may not have the key', async () => {
    const { store } = await fresh();
    const operation = await claim(store);
    await store.startStep(operation, 'reserve');
    await store.finishStep(operation, reserved);
    await store.release(operation);
    expect(await store.peek(claimOf())).toMatchObject({ kind: 'claimed', operation: { id: operation.id } });
    expect(await kindOf(store, { fingerprint: 'arguments-2' })).toBe('conflict');
    expect((await claim(store)).steps).toEqual({ reserve: reserved.result });
  });

  test.each(['released', 'left'])(
    'what happened in part and was %s waits, however long, and stays on its shelf',
    async (how) => {
      const { store, passTime } = await fresh();
      const operation = await claim(store);
      await store.startStep(operation, 'reserve');
      await store.finishStep(operation, reserved);
      if (how === 'released') await store.release(operation);
      await passTime(10 * RETENTION_MS);
      await store.reap({ idPrefix: 'op_', finishedMs: RETENTION_MS, failedMs: RETENTION_MS, limit: 10 });
      const open = await store.list({ shelf: 'open', idPrefix: 'op_', limit: 10 });
      expect(open.map(({ id, steps }) => ({ id, steps }))).toEqual([
        { id: operation.id, steps: { reserve: reserved.result } },
      ]);
      expect(await kindOf(store, { fingerprint: 'arguments-2' })).toBe('conflict');
      // Whoever says twice that the rest did not happen must not have the first part done again.
      expect(await store.resolve({ id: operation.id, outcome: null, by: 'grace' })).toBe('not-unknown');
      expect(await store.resolve({ id: operation.id, outcome: succeeded, by: 'grace' })).toBe('resolved');
      expect(await kindOf(store)).toBe('done');
      expect(await store.list({ shelf: 'open', idPrefix: 'op_', limit: 10 })).toEqual([]);
    },
  );

  test('what is under way between two steps is not for people to resolve', async () => {
    const { store } = await fresh();
    const operation = await claim(store);
    await store.startStep(operation, 'reserve');
    await store.finishStep(operation, reserved);
    expect(await store.resolve({ id: operation.id, outcome: succeeded, by: 'grace' })).toBe('not-unknown');
  });
}
