/** What every operation store has to do. Run over each of them. */
import { afterEach, expect, test } from 'vitest';

import type { Claim } from '../../../templates/kernel/idempotency/claim.ts';
import type { Operation } from '../../../templates/kernel/idempotency/operation.ts';
import type { OperationStore } from '../../../templates/kernel/idempotency/store.ts';
import { claimOf, refused, succeeded } from './samples.ts';

export interface StoreUnderTest {
  readonly store: OperationStore;
  /** As if so much time had passed by the store's clock. */
  passTime(ms: number): Promise<void>;
  dispose(): Promise<void>;
}

export const RETENTION_MS = 86_400_000;

export function testStore(open: () => Promise<StoreUnderTest>): void {
  const opened: StoreUnderTest[] = [];
  afterEach(async () => {
    for (const subject of opened.splice(0)) await subject.dispose();
  });

  async function fresh(): Promise<StoreUnderTest> {
    const subject = await open();
    opened.push(subject);
    return subject;
  }

  async function claim(store: OperationStore, changes: Partial<Claim> = {}): Promise<Operation> {
    const begun = await store.begin(claimOf(changes));
    expect(begun.kind).toBe('claimed');
    return begun.operation;
  }

  async function send(store: OperationStore, changes: Partial<Claim> = {}): Promise<Operation> {
    const operation = await claim(store, changes);
    expect(await store.markSent(operation, null)).toBe('sent');
    return operation;
  }

  const kind = async (store: OperationStore, changes: Partial<Claim> = {}) =>
    (await store.begin(claimOf(changes))).kind;

  test('a new key is claimed with all that the claim says', async () => {
    const { store } = await fresh();
    const asked = claimOf({ tenant: null });
    const { operation } = await store.begin(asked);
    const { id, key, fingerprint, tool, subject } = asked;
    expect(operation).toMatchObject({
      id,
      key,
      fingerprint,
      tool,
      subject,
      tenant: null,
      state: 'claimed',
      outcome: null,
    });
    expect(operation.leaseUntil).toBe(operation.createdAt + asked.leaseMs);
    expect(await store.findById(id)).toEqual(operation);
  });

  test('a finished operation answers every repeat with what it answered first', async () => {
    const { store } = await fresh();
    const operation = await send(store);
    expect(await store.recordOutcome(operation, succeeded)).toBe('recorded');
    expect(await store.begin(claimOf())).toMatchObject({
      kind: 'done',
      outcome: succeeded,
      operation: { id: operation.id },
    });
    expect(await store.findById(operation.id)).toMatchObject({ state: 'done', outcome: succeeded });
  });

  test('a refusal can be final too', async () => {
    const { store } = await fresh();
    const operation = await send(store);
    await store.recordOutcome(operation, refused);
    expect(await store.begin(claimOf())).toMatchObject({ kind: 'done', outcome: refused });
  });

  test('while a call is under way, its repeat is told to wait', async () => {
    const { store } = await fresh();
    await claim(store);
    expect(await kind(store)).toBe('in-progress');
    const { store: other } = await fresh();
    await send(other);
    expect(await kind(other)).toBe('in-progress');
  });

  test('other arguments under the same key are a conflict', async () => {
    const { store } = await fresh();
    const operation = await send(store);
    expect(await kind(store, { fingerprint: 'arguments-2' })).toBe('conflict');
    await store.recordOutcome(operation, succeeded);
    expect(await kind(store, { fingerprint: 'arguments-2' })).toBe('conflict');
  });

  test('a claim that was never sent is taken over when its lease ends, and its holder sends nothing', async () => {
    const { store, passTime } = await fresh();
    const first = await claim(store);
    await passTime(60_001);
    const second = await claim(store);
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(await store.markSent(first, null)).toBe('lost');
    expect(await store.markSent(second, null)).toBe('sent');
  });

  test('a claim whose lease ended sends nothing, even if nobody took it over', async () => {
    const { store, passTime } = await fresh();
    const operation = await claim(store);
    await passTime(60_001);
    expect(await store.markSent(operation, null)).toBe('lost');
  });

  test('what was sent and not answered for within its lease is unknown, and never run again', async () => {
    const { store, passTime } = await fresh();
    const operation = await send(store);
    await passTime(60_001);
    expect((await store.findById(operation.id))?.state).toBe('unknown');
    expect(await kind(store)).toBe('unknown');
    await passTime(10 * RETENTION_MS);
    expect(await kind(store)).toBe('unknown');
  });

  test('what is safe to send again is claimed anew after an unknown outcome', async () => {
    const { store, passTime } = await fresh();
    const operation = await send(store, { afterUnknown: { kind: 'set-again' } });
    await passTime(60_001);
    expect((await claim(store, { afterUnknown: { kind: 'set-again' } })).fence).toBeGreaterThan(operation.fence);
    expect(await store.recordOutcome(operation, succeeded)).toBe('lost');
  });

  test('an outcome that comes after the lease is still the truth', async () => {
    const { store, passTime } = await fresh();
    const operation = await send(store);
    await passTime(60_001);
    expect(await kind(store)).toBe('unknown');
    expect(await store.recordOutcome(operation, succeeded)).toBe('late');
    expect(await store.begin(claimOf())).toMatchObject({ kind: 'done', outcome: succeeded });
  });

  test('an outcome is recorded once, and only for what was sent', async () => {
    const { store } = await fresh();
    const operation = await claim(store);
    expect(await store.recordOutcome(operation, succeeded)).toBe('lost');
    await store.markSent(operation, null);
    expect(await store.recordOutcome(operation, succeeded)).toBe('recorded');
    expect(await store.recordOutcome(operation, refused)).toBe('lost');
  });

  test('an ambiguous outcome is unknown at once', async () => {
    const { store } = await fresh();
    const operation = await send(store);
    await store.recordUnknown(operation);
    expect(await store.begin(claimOf())).toMatchObject({ kind: 'unknown', operation: { id: operation.id } });
  });

  test('a released key is free, also for other arguments, under a higher fence', async () => {
    const { store } = await fresh();
    const first = await send(store);
    await store.release(first);
    expect((await store.findById(first.id))?.state).toBe('released');
    const second = await claim(store, { fingerprint: 'arguments-2' });
    expect(second.fence).toBeGreaterThan(first.fence);
    await store.release(first);
    expect(await kind(store, { fingerprint: 'arguments-2' })).toBe('in-progress');
  });

  test('what is finished is forgotten after the retention, and its fence never given again', async () => {
    const { store, passTime } = await fresh();
    const first = await send(store);
    await store.recordOutcome(first, succeeded);
    await passTime(RETENTION_MS - 1_000);
    expect(await kind(store)).toBe('done');
    await passTime(RETENTION_MS + 7_200_000);
    await claim(store, { key: 'key-2' });
    expect(await store.findById(first.id)).toBeUndefined();
    expect((await claim(store)).fence).toBeGreaterThan(first.fence);
    expect(await store.markSent(first, null)).toBe('lost');
  });

  test('what is under way or unknown is never forgotten', async () => {
    const { store, passTime } = await fresh();
    const unsent = await claim(store, { key: 'key-1' });
    const sent = await send(store, { key: 'key-2' });
    await passTime(10 * RETENTION_MS);
    await claim(store, { key: 'key-3' });
    expect((await store.findById(unsent.id))?.state).toBe('claimed');
    expect((await store.findById(sent.id))?.state).toBe('unknown');
  });

  test('a value that was set is set again once another was set after it', async () => {
    const { store } = await fresh();
    const set = async (key: string) => {
      const begun = await store.begin(claimOf({ key, afterUnknown: { kind: 'set-again' } }));
      if (begun.kind !== 'claimed') return begun.kind;
      await store.markSent(begun.operation, null);
      return store.recordOutcome(begun.operation, succeeded);
    };
    expect([await set('a'), await set('a'), await set('b'), await set('a')]).toEqual([
      'recorded',
      'done',
      'recorded',
      'recorded',
    ]);
  });

  test('looking does not claim', async () => {
    const { store } = await fresh();
    expect(await store.peek(claimOf())).toBeUndefined();
    const operation = await claim(store);
    expect(await store.peek(claimOf())).toMatchObject({ kind: 'in-progress' });
    await store.release(operation);
    expect(await store.peek(claimOf())).toBeUndefined();
    expect((await store.findById(operation.id))?.state).toBe('released');
  });

  test('of many claims at once, one holds', async () => {
    const { store } = await fresh();
    const kinds = await Promise.all(Array.from({ length: 20 }, () => kind(store)));
    expect(kinds.filter((one) => one === 'claimed')).toHaveLength(1);
    expect(kinds.filter((one) => one === 'in-progress')).toHaveLength(19);
  });

  test('the store tells the time that its operations are stamped with', async () => {
    const { store } = await fresh();
    const earlier = await claim(store);
    const now = await store.now();
    const later = await claim(store, { key: 'key-2' });
    expect(Number.isInteger(now)).toBe(true);
    expect(now).toBeGreaterThanOrEqual(earlier.createdAt);
    expect(now).toBeLessThanOrEqual(later.createdAt);
  });

  test('an id that nobody was given is not found', async () => {
    const { store } = await fresh();
    expect(await store.findById('op_none')).toBeUndefined();
    await expect(store.ping()).resolves.toBeUndefined();
  });
}
