import { describe, expect, test } from 'vitest';

import { StoreUnavailable } from '../../../templates/kernel/idempotency/store.ts';
import { LISTED, type Operator } from '../../../templates/kernel/operations/desk.ts';
import { realmOf } from '../../../templates/kernel/pipeline/operation-id.ts';
import { serverWith } from './declaration.ts';
import { atTerminal, callerOf, openOffice, openPlace, PLACES, refusedWith } from './desks.ts';
import { BILLING, claimIn, done, failed, QUESTION, released, underWay, unknown, waiting } from './records.ts';

const bo = atTerminal('bo');

describe.each(PLACES)('on %s', (place) => {
  test('what waits for people is listed, by kind or all of it, and nothing else', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const ids = {
      unknown: await unknown(store),
      'pending-approval': await waiting(store),
      failed: await failed(store),
    };
    await Promise.all([done(store), released(store), underWay(store)]);
    const { operations, more } = await desk.list(bo, LISTED);
    expect(new Set(operations.map(({ operation_id: id }) => id))).toEqual(new Set(Object.values(ids)));
    expect(more).toBe(false);
    for (const kind of LISTED) {
      const listed = await desk.list(bo, [kind]);
      expect(listed.operations.map(({ operation_id: id }) => id)).toEqual([ids[kind]]);
    }
  });

  test('what may have been sent, and whose lease is over, is unknown', async () => {
    const { store, desk, passTime } = openOffice(openPlace(place));
    const { id } = await underWay(store);
    passTime(60_000);
    expect((await desk.list(bo, ['unknown'])).operations).toMatchObject([
      { operation_id: id, state: 'unknown', executed: 'unknown', actions: ['resolve'] },
    ]);
  });

  test('what happened in part, and whose lease is over, is unknown, and can be resolved', async () => {
    const { store, desk, passTime } = openOffice(openPlace(place));
    const begun = await store.begin(claimIn(BILLING));
    await store.startStep(begun.operation, 'reserve');
    await store.finishStep(begun.operation, { name: 'reserve', result: 1, between: true });
    expect((await desk.list(bo, LISTED)).operations).toEqual([]);
    passTime(60_000);
    const { id } = begun.operation;
    expect((await desk.list(bo, ['unknown'])).operations).toMatchObject([
      { operation_id: id, state: 'claimed', executed: 'unknown', steps: { reserve: 1 }, actions: ['resolve'] },
    ]);
    expect(await refusedWith(desk.resolve(bo, id, { executed: false }))).toBe('OPERATION_NOT_UNKNOWN');
    expect(await desk.resolve(bo, id, { executed: true })).toMatchObject({ state: 'done', executed: 'yes' });
  });

  test('a question that is over waits for nobody', async () => {
    const { store, desk, passTime } = openOffice(openPlace(place));
    const id = await waiting(store);
    expect((await desk.show(bo, id)).actions).toEqual(['approve', 'deny']);
    passTime(900_000);
    expect((await desk.list(bo, LISTED)).operations).toEqual([]);
    expect((await desk.show(bo, id)).actions).toEqual([]);
  });

  test('one is shown with what was asked for, what is known and what can be done', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const approval = { by: 'approver', scope: 'refunds:approve', summary: QUESTION.summary } as const;
    expect(await desk.show(bo, await waiting(store))).toMatchObject({
      state: 'pending-approval',
      executed: 'no',
      tool: 'issue_refund',
      subject: 'ada',
      tenant: 'acme',
      arguments: { invoice_id: 'inv_1' },
      approval: { ...approval, expires_at: expect.stringMatching(/^\d{4}-.*Z$/) },
      actions: ['approve', 'deny'],
    });
    expect(await desk.show(bo, await failed(store))).toMatchObject({
      state: 'done',
      executed: 'no',
      error: { code: 'REFUND_EXCEEDS_LIMIT' },
      actions: [],
    });
    const shown = await desk.show(bo, await done(store));
    expect(shown).toMatchObject({ executed: 'yes', result: { refund_id: 're_1' } });
    expect(shown).not.toHaveProperty('approval');
  });

  test('finished steps are shown with their results, and the one under way', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const begun = await store.begin(claimIn(BILLING, { caps: [{ counter: 'ada', window: 'run', limit: 3 }] }));
    await store.startStep(begun.operation, 'reserve');
    await store.finishStep(begun.operation, { name: 'reserve', result: { seat: '4a' }, between: true });
    await store.startStep(begun.operation, 'pay');
    expect(await desk.show(bo, begun.operation.id)).toMatchObject({
      state: 'sent',
      executed: 'pending',
      steps: { reserve: { seat: '4a' } },
      step: 'pay',
      charges: ['ada'],
      lease_until: expect.any(String),
      first_sent_at: expect.any(String),
      actions: [],
    });
  });

  test('operations of another server or environment are not there', async () => {
    const { store, desk } = openOffice(openPlace(place));
    for (const realm of [realmOf('billing', 'production'), realmOf('shipping', 'test')]) {
      const question = await waiting(store, claimIn(realm, { approval: QUESTION }));
      const open = await unknown(store, claimIn(realm));
      const eve = atTerminal('eve', 'refunds:approve');
      expect((await desk.list(eve, LISTED)).operations).toEqual([]);
      expect(await refusedWith(desk.show(eve, question))).toBe('OPERATION_NOT_FOUND');
      expect(await refusedWith(desk.decide(eve, question, { approve: true }))).toBe('OPERATION_NOT_FOUND');
      expect(await refusedWith(desk.resolve(eve, open, { executed: false }))).toBe('OPERATION_NOT_FOUND');
      expect((await store.findById(question))?.state).toBe('pending-approval');
      expect((await store.findById(open))?.state).toBe('unknown');
    }
  });

  test('who comes over HTTP sees their own tenant, and needs the scope of operators', async () => {
    const server = serverWith({ operationsScope: 'operate' });
    const { store, desk } = openOffice(openPlace(place), { server });
    const ids = { acme: await unknown(store), none: await unknown(store, claimIn(BILLING, { tenant: null })) };
    const http = (scopes: readonly string[], tenant?: string): Operator => ({
      caller: callerOf('bo', scopes, tenant),
      over: 'http',
    });
    const listed = async (operator: Operator) =>
      (await desk.list(operator, LISTED)).operations.map(({ operation_id: id }) => id);
    expect(await listed(http(['operate'], 'acme'))).toEqual([ids.acme]);
    expect(await listed(http(['operate']))).toEqual([ids.none]);
    expect(await refusedWith(desk.show(http(['operate'], 'other'), ids.acme))).toBe('OPERATION_NOT_FOUND');
    expect(await refusedWith(desk.show(http(['operate']), ids.acme))).toBe('OPERATION_NOT_FOUND');
    expect(await refusedWith(desk.list(http([], 'acme'), LISTED))).toBe('SCOPE_MISSING');
    expect(await refusedWith(desk.show(http([], 'acme'), ids.acme))).toBe('SCOPE_MISSING');
  });

  test('what others have, and what is under way, crowds nothing out', async () => {
    const server = serverWith({ operationsScope: 'operate' });
    const { store, desk } = openOffice(openPlace(place), { server });
    const ids = [await unknown(store), await waiting(store)];
    for (let count = 0; count < 1_500; count += 1) {
      await waiting(store, claimIn(BILLING, { approval: QUESTION, tenant: 'other' }));
      await store.begin(claimIn(BILLING));
    }
    const operator: Operator = { caller: callerOf('bo', ['operate'], 'acme'), over: 'http' };
    const { operations, more } = await desk.list(operator, LISTED);
    expect(operations.map(({ operation_id: id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(more).toBe(false);
  });

  test('an operation that was executed, and whose result is merely not kept, is not listed as failed', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const id = await unknown(store);
    await desk.resolve(bo, id, { executed: true });
    expect((await desk.list(bo, LISTED)).operations).toEqual([]);
    expect(await desk.show(bo, id)).toMatchObject({ executed: 'yes', error: { code: 'RESULT_UNRECORDED' } });
  });

  test('at a command line all tenants are seen, or the one that is named', async () => {
    const { store, desk } = openOffice(openPlace(place), { server: serverWith({ operationsScope: 'operate' }) });
    const id = await unknown(store);
    const of = (tenant: string): Operator => ({ caller: callerOf('bo', [], tenant), over: 'command_line' });
    expect((await desk.list(bo, LISTED)).operations).toHaveLength(1);
    expect((await desk.list(of('acme'), LISTED)).operations).toHaveLength(1);
    expect((await desk.list(of('other'), LISTED)).operations).toEqual([]);
    expect(await refusedWith(desk.show(of('other'), id))).toBe('OPERATION_NOT_FOUND');
  });
});

test('without a scope of operators nobody sees anything over HTTP', async () => {
  const { store, desk } = openOffice(openPlace('memory'));
  const operator: Operator = { caller: callerOf('bo', ['operate'], 'acme'), over: 'http' };
  const id = await unknown(store);
  expect(await refusedWith(desk.list(operator, LISTED))).toBe('OPERATION_NOT_FOUND');
  expect(await refusedWith(desk.show(operator, id))).toBe('OPERATION_NOT_FOUND');
  expect(await refusedWith(desk.resolve(operator, id, { executed: false }))).toBe('OPERATION_NOT_FOUND');
});

test('that there is more than is listed is said', async () => {
  const { store, desk } = openOffice(openPlace('memory'));
  for (let count = 0; count < 1_000; count += 1) await waiting(store);
  expect((await desk.list(bo, ['pending-approval'])).more).toBe(true);
  expect((await desk.list(bo, ['failed'])).more).toBe(false);
});

test('a store that is away is told as that', async () => {
  const away = () => Promise.reject(new StoreUnavailable('gone'));
  const wrap = (store: ReturnType<typeof openPlace>['store']) => ({ ...store, list: away, findById: away, reap: away });
  const { desk, store, audit } = openOffice(openPlace('memory'), { wrap });
  const id = await unknown(store);
  expect(await refusedWith(desk.list(bo, LISTED))).toBe('STORE_UNAVAILABLE');
  expect(await refusedWith(desk.show(bo, id))).toBe('STORE_UNAVAILABLE');
  expect(await refusedWith(desk.decide(bo, id, { approve: true }))).toBe('STORE_UNAVAILABLE');
  expect(await refusedWith(desk.purge(bo))).toBe('STORE_UNAVAILABLE');
  expect(audit).toMatchObject([
    { event: 'operation_decided', decision: 'refused', operation_id: id, code: 'STORE_UNAVAILABLE' },
    { event: 'operations_purged', decision: 'refused', code: 'STORE_UNAVAILABLE' },
  ]);
});
