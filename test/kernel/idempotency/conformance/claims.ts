/** Calls ask for their key, one after another and at once. */
import { expect, test } from 'vitest';

import { claimOf, refused, succeeded } from '../samples.ts';
import { claim, kindOf, RETENTION_MS, send, type Fresh } from './subject.ts';

export function testClaims(fresh: Fresh): void {
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
    expect(await kindOf(store)).toBe('in-progress');
    const { store: other } = await fresh();
    await send(other);
    expect(await kindOf(other)).toBe('in-progress');
  });

  test('other arguments under the same key are a conflict', async () => {
    const { store } = await fresh();
    const operation = await send(store);
    expect(await kindOf(store, { fingerprint: 'arguments-2' })).toBe('conflict');
    await store.recordOutcome(operation, succeeded);
    expect(await kindOf(store, { fingerprint: 'arguments-2' })).toBe('conflict');
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
    expect(await kindOf(store)).toBe('unknown');
    await passTime(10 * RETENTION_MS);
    expect(await kindOf(store)).toBe('unknown');
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
    expect(await kindOf(store)).toBe('unknown');
    expect(await store.recordOutcome(operation, succeeded)).toBe('late');
    expect(await store.begin(claimOf())).toMatchObject({ kind: 'done', outcome: succeeded });
  });

  test('an outcome is recorded once', async () => {
    const { store } = await fresh();
    const operation = await send(store);
    expect(await store.recordOutcome(operation, succeeded)).toBe('recorded');
    expect(await store.recordOutcome(operation, refused)).toBe('lost');
    expect(await store.begin(claimOf())).toMatchObject({ kind: 'done', outcome: succeeded });
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
    expect(await kindOf(store, { fingerprint: 'arguments-2' })).toBe('in-progress');
  });

  test('what is finished is forgotten after the retention, and its fence never given again', async () => {
    const { store, passTime } = await fresh();
    const first = await send(store);
    await store.recordOutcome(first, succeeded);
    await passTime(RETENTION_MS - 10_000);
    expect(await kindOf(store)).toBe('done');
    await passTime(10_000);
    const next = await claim(store);
    expect(next.id).not.toBe(first.id);
    expect(next.fence).toBeGreaterThan(first.fence);
    expect(await store.markSent(first, null)).toBe('lost');
    expect(await store.findById(first.id)).toBeUndefined();
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

  test('a value is set as often as somebody asks for it', async () => {
    const { store } = await fresh();
    const set = async (key: string) => {
      const operation = await send(store, { key, afterUnknown: { kind: 'set-again' } });
      return store.recordOutcome(operation, succeeded);
    };
    expect([await set('a'), await set('a'), await set('b'), await set('a')]).toEqual(Array(4).fill('recorded'));
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

  test('a look at a question for other arguments finds nothing that still counts', async () => {
    const { store } = await fresh();
    const approval = { by: 'approver', scope: 's', summary: '', expiresMs: 60_000, consent: null } as const;
    await store.begin(claimOf({ approval }));
    expect(await store.peek(claimOf({ approval }))).toMatchObject({ kind: 'approval-required' });
    expect(await store.peek(claimOf({ approval, fingerprint: 'others' }))).toBeUndefined();
  });

  test('of many claims at once, one holds', async () => {
    const { store } = await fresh();
    const kinds = await Promise.all(Array.from({ length: 20 }, () => kindOf(store)));
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
