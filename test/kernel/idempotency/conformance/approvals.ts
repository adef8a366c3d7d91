/** People say yes or no before a call is executed. */
import { expect, test } from 'vitest';

import type { ApprovalRequest, Claim } from '../../../../templates/kernel/idempotency/claim.ts';
import type { OperationStore } from '../../../../templates/kernel/idempotency/store.ts';
import { claimOf, succeeded } from '../samples.ts';
import { claim, kindOf, RETENTION_MS, type Fresh } from './subject.ts';

const EXPIRES_MS = 900_000;
const approval: ApprovalRequest = {
  by: 'approver',
  scope: 'refunds:approve',
  summary: 'Refund 750 € of invoice inv_1',
  expiresMs: EXPIRES_MS,
  consent: null,
};

export function testApprovals(fresh: Fresh): void {
  const ask = async (store: OperationStore, changes: Partial<Claim> = {}) => {
    const begun = await store.begin(claimOf({ approval, ...changes }));
    expect(begun.kind).toBe('approval-required');
    return begun.operation;
  };
  const answer = (store: OperationStore, id: string, approve: boolean) => store.decide({ id, approve, by: 'grace' });

  test('what needs a yes waits for it, and is then executed once', async () => {
    const { store } = await fresh();
    const asked = await ask(store);
    expect(asked).toMatchObject({ state: 'pending-approval', approval: { scope: 'refunds:approve', decidedBy: null } });
    expect((await ask(store)).id).toBe(asked.id);
    expect(await answer(store, asked.id, true)).toBe('decided');
    expect((await store.findById(asked.id))?.approval?.decidedBy).toBe('grace');
    const operation = await claim(store, { approval });
    expect(operation.id).toBe(asked.id);
    expect(await kindOf(store, { approval })).toBe('in-progress');
    await store.markSent(operation, null);
    await store.recordOutcome(operation, succeeded);
    expect(await kindOf(store, { approval })).toBe('done');
  });

  test('a yes is good for one effect: the next one is asked for anew', async () => {
    const { store, passTime } = await fresh();
    const asked = await ask(store);
    await answer(store, asked.id, true);
    const operation = await claim(store, { approval });
    await store.markSent(operation, null);
    await store.recordOutcome(operation, succeeded);
    await passTime(RETENTION_MS);
    expect((await ask(store)).id).not.toBe(asked.id);
  });

  test('of many calls at once after a yes, one is executed', async () => {
    const { store, another } = await fresh();
    await answer(store, (await ask(store)).id, true);
    const stores = [store, await another(), await another()];
    const kinds = await Promise.all(
      Array.from({ length: 30 }, (_, index) => kindOf(stores[index % 3] ?? store, { approval })),
    );
    expect(kinds.filter((kind) => kind === 'claimed')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'in-progress')).toHaveLength(29);
  });

  test('of many decisions at once, one counts', async () => {
    const { store, another } = await fresh();
    const { id } = await ask(store);
    const stores = [store, await another(), await another()];
    const decided = await Promise.all(
      Array.from({ length: 12 }, (_, index) => answer(stores[index % 3] ?? store, id, index % 2 === 0)),
    );
    expect(decided.filter((one) => one === 'decided')).toHaveLength(1);
    expect(decided.filter((one) => one === 'not-pending')).toHaveLength(11);
  });

  test('what was denied stays denied while the answer stands, and may be asked for again after it', async () => {
    const { store, passTime } = await fresh();
    const asked = await ask(store);
    await passTime(EXPIRES_MS - 10_000);
    expect(await answer(store, asked.id, false)).toBe('decided');
    expect(await kindOf(store, { approval })).toBe('denied');
    await passTime(EXPIRES_MS - 10_000);
    expect(await kindOf(store, { approval })).toBe('denied');
    await passTime(10_001);
    expect((await ask(store)).id).not.toBe(asked.id);
  });

  test('nobody decides twice, about their own call, or about what is not there', async () => {
    const { store } = await fresh();
    const { id } = await ask(store);
    expect(await store.decide({ id, approve: true, by: 'ada' })).toBe('own');
    expect(await answer(store, id, true)).toBe('decided');
    expect(await answer(store, id, false)).toBe('not-pending');
    expect(await answer(store, 'op_none', true)).toBe('not-found');
    expect((await store.findById(id))?.state).toBe('approved');
  });

  test('a question that is over is answered by nobody, and asked anew', async () => {
    const { store, passTime } = await fresh();
    const { id } = await ask(store);
    await passTime(EXPIRES_MS + 1);
    expect(await answer(store, id, true)).toBe('not-pending');
    expect((await ask(store)).id).not.toBe(id);
  });

  test('a yes that nobody used in time is over', async () => {
    const { store, passTime } = await fresh();
    const { id } = await ask(store);
    await answer(store, id, true);
    await passTime(EXPIRES_MS + 1);
    expect((await ask(store)).id).not.toBe(id);
  });

  test('a yes is for the arguments that were asked about', async () => {
    const { store } = await fresh();
    const { id } = await ask(store);
    await answer(store, id, true);
    const other = await ask(store, { fingerprint: 'arguments-2' });
    expect(other.id).not.toBe(id);
    expect(await answer(store, id, true)).toBe('not-found');
    // The first question is gone, so that its yes is, too.
    expect((await ask(store)).id).not.toBe(id);
  });

  test('the caller’s consent is for the operation that they were asked about', async () => {
    const { store } = await fresh();
    const byCaller = (consent: string | null) => ({ approval: { ...approval, by: 'caller' as const, consent } });
    const asked = await ask(store, byCaller(null));
    expect(await answer(store, asked.id, true)).toBe('by-caller');
    await ask(store, byCaller('op_other'));
    const operation = await claim(store, byCaller(asked.id));
    expect(operation).toMatchObject({ id: asked.id, approval: { decidedBy: 'ada' } });
  });

  test('what provably had no effect is tried again under the same yes', async () => {
    const { store, passTime } = await fresh();
    const asked = await ask(store);
    await answer(store, asked.id, true);
    await store.release(await claim(store, { approval }));
    const again = await claim(store, { approval });
    expect(again.id).toBe(asked.id);
    await store.release(again);
    await passTime(EXPIRES_MS + 1);
    await ask(store);
  });
}
