/** A key is claimed while its window is young, and the window before may know of the same effect. */
import { expect, test } from 'vitest';

import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { claimOperation, lookBack, orRefuse } from '../../../templates/kernel/pipeline/claim-operation.ts';
import { Refusal } from '../../../templates/kernel/pipeline/errors.ts';
import { claim, RETENTION_MS, send } from '../idempotency/conformance/subject.ts';
import { claimOf, succeeded } from '../idempotency/samples.ts';

const TODAY = { key: 'today' };
const YESTERDAY = { key: 'yesterday' };

/** A store, and the keys that were claimed in it. */
function open(wrap: (store: OperationStore, keys: string[]) => Partial<OperationStore> = () => ({})) {
  let time = Date.parse('2026-11-21T00:05:00Z');
  const real = openMemoryStore({ retentionMs: RETENTION_MS, now: () => time });
  const keys: string[] = [];
  const begin: OperationStore['begin'] = (asked) => {
    keys.push(asked.key);
    return real.begin(asked);
  };
  const store = new Proxy(real, {
    get: (target, name) => Reflect.get({ begin, ...wrap(real, keys) }, name) ?? Reflect.get(target, name).bind(target),
  });
  const passTime = (ms: number): void => void (time += ms);
  return { real, store, keys, passTime };
}

const claimToday = (store: OperationStore, previous: string | undefined = YESTERDAY.key) =>
  claimOperation(store, claimOf(TODAY), previous);

test('where nothing is known, the key of today is claimed', async () => {
  const { store, keys } = open();
  expect(await claimToday(store)).toMatchObject({ kind: 'claimed', operation: TODAY });
  expect(keys).toEqual(['today']);
});

test('what was done yesterday is the answer, and today is not claimed', async () => {
  const { real, store, keys } = open();
  await real.recordOutcome(await send(real, YESTERDAY), succeeded);
  expect(await claimToday(store)).toMatchObject({ kind: 'done', operation: YESTERDAY });
  expect(keys).toEqual([]);
  expect(await claimToday(store, 'another')).toMatchObject({ kind: 'claimed', operation: TODAY });
});

test('what was claimed yesterday by a server that is gone is taken over there', async () => {
  const { real, store, keys, passTime } = open();
  await claim(real, YESTERDAY);
  passTime(60_001);
  expect(await claimToday(store)).toMatchObject({ kind: 'claimed', operation: YESTERDAY });
  expect(keys).toEqual(['yesterday']);
});

test('what is in doubt since yesterday is told as that, and not begun again', async () => {
  const { real, store, keys } = open();
  await real.recordUnknown(await send(real, YESTERDAY));
  expect(await claimToday(store)).toMatchObject({ kind: 'unknown', operation: YESTERDAY });
  expect(keys).toEqual([]);
});

test('what is known of today counts, whatever yesterday was', async () => {
  const { real, store } = open();
  await real.recordOutcome(await send(real, TODAY), succeeded);
  await real.recordUnknown(await send(real, YESTERDAY));
  expect(await claimToday(store)).toMatchObject({ kind: 'done', operation: TODAY });
});

test('other arguments yesterday are another effect', async () => {
  const { real, store } = open();
  await send(real, { ...YESTERDAY, fingerprint: 'arguments-2' });
  expect(await claimToday(store)).toMatchObject({ kind: 'claimed', operation: TODAY });
});

test('a claim of yesterday that came between gets the effect, and the claim of today is given back', async () => {
  const { real, store } = open((under, keys) => ({
    begin: async (asked) => {
      const begun = await under.begin(asked);
      if (keys.push(asked.key) === 1) await send(under, YESTERDAY);
      return begun;
    },
  }));
  expect(await claimToday(store)).toMatchObject({ kind: 'in-progress', operation: YESTERDAY });
  expect((await real.peek(claimOf(TODAY)))?.kind ?? 'claimed').toBe('claimed');
  const [first] = await real.list({ shelf: 'open', idPrefix: 'op_', limit: 10 });
  expect(first).toMatchObject({ ...YESTERDAY, state: 'sent' });
});

test('looking back finds today before yesterday, and no conflict of yesterday', async () => {
  const { real, store } = open();
  const look = (previous?: string) => lookBack(store, claimOf(TODAY), previous);
  expect(await look()).toBeUndefined();
  await send(real, { ...YESTERDAY, fingerprint: 'arguments-2' });
  expect(await look(YESTERDAY.key)).toBeUndefined();
  const older = { key: 'older' };
  await real.recordOutcome(await send(real, older), succeeded);
  expect(await look(older.key)).toMatchObject({ kind: 'done', operation: older });
  expect(await look()).toBeUndefined();
  await send(real, { ...TODAY, fingerprint: 'arguments-2' });
  expect(await look(older.key)).toMatchObject({ kind: 'conflict', operation: TODAY });
});

test('only a store that cannot be reached is answered for as one', async () => {
  await expect(orRefuse(() => Promise.reject(new StoreUnavailable('gone')))).rejects.toThrow(Refusal);
  const fault = new TypeError('a fault of ours');
  await expect(orRefuse(() => Promise.reject(fault))).rejects.toBe(fault);
});
