/** What is said of an outcome that the store does not take. */
import { expect, test } from 'vitest';

import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { StoreUnavailable, type OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import { recordOutcome } from '../../../templates/kernel/pipeline/record-outcome.ts';
import { send } from '../idempotency/conformance/subject.ts';
import { succeeded } from '../idempotency/samples.ts';
import { SETTINGS } from './harness.ts';

const DONE = { state: 'done', answer: succeeded } as const;

async function recorder(wrap: (store: OperationStore) => Partial<OperationStore>, leaseMs = 1_000) {
  const real = openMemoryStore({ retentionMs: 1_000 });
  const store = new Proxy(real, {
    get: (target, name) => Reflect.get(wrap(real), name) ?? Reflect.get(target, name).bind(target),
  });
  const logged: [string, JsonObject | undefined][] = [];
  const log = (message: string, fields?: JsonObject): void => void logged.push([message, fields]);
  const later: Promise<void>[] = [];
  const background = (work: Promise<void>): void => void later.push(work);
  const kernel = { settings: { ...SETTINGS, leaseMs }, log: { info: log, warn: log, error: log }, background };
  const operation = await send(real);
  const about = { tool: operation.tool, operation_id: operation.id };
  return { real, at: { store, kernel }, operation, logged, about, settle: () => Promise.all(later) };
}

const down = (): Promise<never> => Promise.reject(new StoreUnavailable('gone'));

test('an outcome that comes after another one is told from one that nobody keeps', async () => {
  const { at, operation, real, logged, about } = await recorder(() => ({}));
  await real.recordUnknown(operation);
  expect(await recordOutcome(at, operation, DONE)).toBe(true);
  expect(await recordOutcome(at, { ...operation, fence: operation.fence + 1 }, DONE)).toBe(false);
  expect(logged).toEqual([
    ['The outcome of an operation came late', { ...about, state: 'done' }],
    ['The outcome of an operation came lost', { ...about, state: 'done' }],
  ]);
});

test('while the store is gone it is tried a few times, less and less often, until the lease ends', async () => {
  let tries = 0;
  const { at, operation, logged, about, settle } = await recorder(() => ({
    recordOutcome: () => {
      tries += 1;
      return down();
    },
  }));
  expect(await recordOutcome(at, operation, DONE)).toBe(false);
  await settle();
  // At once, and after pauses of 100, 200 and 400 ms, as far as the machine keeps up.
  expect([3, 4]).toContain(tries);
  expect(logged).toEqual([
    ['The outcome of an operation could not be recorded', { ...about, state: 'done' }],
    ['The outcome of an operation was never recorded', { ...about, state: 'done' }],
  ]);
});

test('it is on record as soon as the store is back', async () => {
  let tries = 0;
  const { at, operation, real, logged, settle } = await recorder((under) => ({
    recordOutcome: (...given) => ((tries += 1) === 1 ? down() : under.recordOutcome(...given)),
  }));
  expect(await recordOutcome(at, operation, DONE)).toBe(false);
  await settle();
  expect((await real.findById(operation.id))?.state).toBe('done');
  expect(logged).toHaveLength(1);
});

test('that nothing was executed, or nobody knows, needs no record to be true', async () => {
  const released = await recorder(() => ({ release: down }), 50);
  expect(await recordOutcome(released.at, released.operation, { state: 'released' })).toBe(true);
  const unknown = await recorder(() => ({ recordUnknown: down }), 50);
  expect(await recordOutcome(unknown.at, unknown.operation, { ...DONE, state: 'unknown' })).toBe(true);
});

test('a fault of ours is none of the store', async () => {
  const { at, operation } = await recorder(() => ({ recordOutcome: () => Promise.reject(new TypeError('ours')) }));
  await expect(recordOutcome(at, operation, DONE)).rejects.toThrow(TypeError);
});
