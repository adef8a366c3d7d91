/** After a backup was restored, irreversible calls are held back until a person has looked. */
import { expect, test } from 'vitest';

import { claimOf, succeeded } from '../samples.ts';
import { claim, kindOf, send, type Fresh } from './subject.ts';

const irreversible = { irreversible: true };

export function testEpochs(fresh: Fresh): void {
  test('while the store is held, irreversible calls are, by every process', async () => {
    const { store, another } = await fresh();
    const other = await another();
    expect(await store.hold(true)).toEqual({ number: 2, held: true });
    const held = await other.begin(claimOf({ key: 'a', ...irreversible }));
    expect(held.kind).toBe('held');
    expect(await store.findById(held.operation.id)).toBeUndefined();
    expect(await kindOf(other, { key: 'b' })).toBe('claimed');
    expect(await other.hold(false)).toEqual({ number: 2, held: false });
    expect(await kindOf(store, { key: 'a', ...irreversible })).toBe('claimed');
  });

  test('every hold begins an epoch, and its end none', async () => {
    const { store } = await fresh();
    const held = [await store.hold(false), await store.hold(true), await store.hold(true), await store.hold(false)];
    expect(held).toEqual([
      { number: 1, held: false },
      { number: 2, held: true },
      { number: 3, held: true },
      { number: 3, held: false },
    ]);
  });

  test('what was begun before the hold still ends, and its repeats are answered', async () => {
    const { store } = await fresh();
    const operation = await send(store, irreversible);
    await store.hold(true);
    expect(await kindOf(store, irreversible)).toBe('in-progress');
    expect(await store.recordOutcome(operation, succeeded)).toBe('recorded');
    expect(await kindOf(store, irreversible)).toBe('done');
  });

  test('a yes waits while the store is held', async () => {
    const { store } = await fresh();
    const approval = { by: 'approver', scope: null, summary: '', expiresMs: 900_000, consent: null } as const;
    const asked = await store.begin(claimOf({ approval, ...irreversible }));
    await store.decide({ id: asked.operation.id, approve: true, by: 'grace' });
    await store.hold(true);
    expect(await kindOf(store, { approval, ...irreversible })).toBe('held');
    await store.hold(false);
    expect((await claim(store, { approval, ...irreversible })).id).toBe(asked.operation.id);
  });
}
