/** What may have happened: sending it again, and giving it up. */
import { expect, test } from 'vitest';

import type { Claim } from '../../../../templates/kernel/idempotency/claim.ts';
import type { LapsedAs, OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { succeeded } from '../samples.ts';
import { claim, kindOf, send, type Fresh } from './subject.ts';

const LEASE_MS = 60_000;
const WITHIN_MS = 600_000;
const resend: Partial<Claim> = { afterUnknown: { kind: 'resend', withinMs: WITHIN_MS } };

export function testDoubt(fresh: Fresh): void {
  test('the same is sent again under the same key, and its outcome is the outcome', async () => {
    const { store, passTime } = await fresh();
    const first = await send(store, resend);
    await passTime(LEASE_MS + 1);
    const second = await claim(store, resend);
    expect(second).toMatchObject({ id: first.id, inDoubt: true, firstSent: { digest: 'request-1' } });
    expect(await store.markSent(second, 'request-1')).toBe('sent');
    expect(await store.recordOutcome(first, succeeded)).toBe('lost');
    expect(await store.recordOutcome(second, succeeded)).toBe('recorded');
    expect(await kindOf(store)).toBe('done');
  });

  test('what would be sent otherwise now is not sent, and stays unknown', async () => {
    const { store, passTime } = await fresh();
    await send(store, resend);
    await passTime(LEASE_MS + 1);
    const second = await claim(store, resend);
    expect(await store.markSent(second, 'request-2')).toBe('changed');
    expect((await store.findById(second.id))?.state).toBe('unknown');
    expect(await store.markSent(second, 'request-1')).toBe('lost');
  });

  test('once the upstream may have forgotten the key, nothing is sent again', async () => {
    const { store, passTime } = await fresh();
    await send(store, resend);
    await passTime(LEASE_MS + 1);
    const second = await claim(store, resend);
    await passTime(WITHIN_MS - LEASE_MS);
    // The window is counted from the first sending, however often it was sent since.
    expect(await store.markSent(second, 'request-1')).toBe('lost');
    expect(await kindOf(store, resend)).toBe('unknown');
  });

  test('a claim in doubt whose lease ends is unknown, although nothing was sent under it', async () => {
    const { store, passTime } = await fresh();
    const first = await send(store, resend);
    await passTime(LEASE_MS + 1);
    await claim(store, resend);
    await passTime(LEASE_MS + 1);
    expect((await store.findById(first.id))?.state).toBe('unknown');
    expect(await kindOf(store)).toBe('unknown');
  });

  test('whoever gives up in doubt leaves it unknown, and frees it where they are certain', async () => {
    const { store, passTime } = await fresh();
    await send(store, resend);
    await passTime(LEASE_MS + 1);
    await store.release(await claim(store, resend));
    expect(await kindOf(store)).toBe('unknown');
    await store.release(await claim(store, resend), { certain: true });
    expect((await claim(store)).inDoubt).toBe(false);
  });

  test('what is unknown is claimed again without a call, by one and in time', async () => {
    const { store, another, passTime } = await fresh();
    const sent = await send(store);
    const reclaim = { claimed: sent, leaseMs: LEASE_MS, withinMs: WITHIN_MS };
    expect(await store.reclaim(reclaim)).toBeUndefined();
    await passTime(LEASE_MS + 1);
    const stores = [store, await another(), await another()];
    const claims = await Promise.all(stores.map((one) => one.reclaim(reclaim)));
    const [again, ...others] = claims.filter((one) => one !== undefined);
    expect(others).toEqual([]);
    expect(again).toMatchObject({ id: sent.id, state: 'claimed', inDoubt: true });
    expect(again?.fence).toBeGreaterThan(sent.fence);
    await passTime(WITHIN_MS);
    expect(await store.reclaim({ ...reclaim, claimed: again ?? sent })).toBeUndefined();
  });

  test('what lapsed is written down by one, as what it is by then', async () => {
    const { store, another, passTime } = await fresh();
    const unsent = await claim(store, { key: 'unsent' });
    const sent = await send(store, { key: 'sent' });
    const stepped = await claim(store, { key: 'stepped' });
    await store.startStep(stepped, 'reserve');
    await store.finishStep(stepped, { name: 'reserve', result: 1, between: true });
    const all = [unsent, sent, stepped];
    const lapse = async (one: OperationStore, as: LapsedAs) =>
      Promise.all(all.map((operation) => one.lapse(operation, as)));
    expect([await lapse(store, 'released'), await lapse(store, 'unknown')].flat()).not.toContain(true);
    await passTime(LEASE_MS + 1);
    const other = await another();
    // Whatever somebody read before it was sent: it counts as what it is now.
    expect(await lapse(store, 'released')).toEqual([true, false, false]);
    expect(await lapse(other, 'unknown')).toEqual([false, true, false]);
    expect(await lapse(other, 'released')).toEqual([false, false, false]);
    const states = await Promise.all(all.map(async ({ id }) => (await store.findById(id))?.state));
    expect(states).toEqual(['released', 'unknown', 'claimed']);
  });

  test('a lease is extended by its holder only, and not once it has ended', async () => {
    const { store, passTime } = await fresh();
    const operation = await send(store);
    await passTime(LEASE_MS - 10_000);
    expect(await store.extendLease(operation, LEASE_MS)).toBe(true);
    expect(await store.extendLease({ ...operation, fence: operation.fence - 1 }, LEASE_MS)).toBe(false);
    await passTime(LEASE_MS - 10_000);
    expect((await store.findById(operation.id))?.state).toBe('sent');
    await passTime(10_001);
    expect(await store.extendLease(operation, LEASE_MS)).toBe(false);
    expect((await store.findById(operation.id))?.state).toBe('unknown');
  });
}
