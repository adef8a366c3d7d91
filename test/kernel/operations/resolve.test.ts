import { describe, expect, test } from 'vitest';

import { serverWith } from './declaration.ts';
import { atTerminal, openOffice, openPlace, PLACES, refusedWith } from './desks.ts';
import { BILLING, claimIn, done, released, underWay, unknown, waiting } from './records.ts';

const bo = atTerminal('bo');

describe.each(PLACES)('on %s', (place) => {
  test('what was not executed may be executed again, and its cap is given back', async () => {
    const { store, desk, audit } = openOffice(openPlace(place));
    const claim = claimIn(BILLING, { caps: [{ counter: 'ada', window: 'run', limit: 1 }] });
    await unknown(store, claim);
    expect((await store.begin(claim)).kind).toBe('unknown');
    const resolved = await desk.resolve(bo, claim.id, { executed: false });
    expect(resolved).toMatchObject({ state: 'released', executed: 'no', resolved_by: 'bo' });
    expect(audit).toMatchObject([
      { event: 'operation_resolved', decision: 'resolved_as_not_executed', operation_id: claim.id, subject: 'bo' },
    ]);
    expect((await store.begin(claim)).kind).toBe('claimed');
  });

  test('a result that is known is what the same call gets, stripped to what the tool returns', async () => {
    const { store, desk, audit } = openOffice(openPlace(place));
    const claim = claimIn(BILLING);
    await unknown(store, claim);
    const given = { refund_id: 're_9', card: '4242' };
    const resolved = await desk.resolve(bo, claim.id, { executed: true, result: given });
    expect(resolved).toMatchObject({ state: 'done', executed: 'yes', resolved_by: 'bo' });
    expect(resolved.result).toEqual({ refund_id: 're_9' });
    expect(given).toEqual({ refund_id: 're_9', card: '4242' });
    expect(audit).toMatchObject([{ event: 'operation_resolved', decision: 'resolved_as_executed' }]);
    expect(await store.begin(claim)).toMatchObject({
      kind: 'done',
      outcome: { ok: true, result: '{"refund_id":"re_9"}' },
    });
    expect(await store.entries(0, '')).toEqual([]);
  });

  test('a result that is not known is told as that, and never executed again', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const claim = claimIn(BILLING);
    await unknown(store, claim);
    await desk.resolve(bo, claim.id, { executed: true });
    expect(await store.begin(claim)).toMatchObject({
      kind: 'done',
      outcome: {
        ok: false,
        error: { code: 'RESULT_UNRECORDED', executed: 'yes', retryable: false, retry: 'never', operation_id: claim.id },
      },
    });
  });

  test('a result that the tool could not have returned is refused, and says why', async () => {
    const { store, desk, audit } = openOffice(openPlace(place));
    const id = await unknown(store);
    const resolving = desk.resolve(bo, id, { executed: true, result: { refund_id: 7 } });
    await expect(resolving).rejects.toMatchObject({
      body: { code: 'RESULT_UNUSABLE', violations: [{ field: '/refund_id', rule: 'type' }] },
    });
    expect(await refusedWith(desk.resolve(bo, id, { executed: true, result: null }))).toBe('RESULT_UNUSABLE');
    expect((await store.findById(id))?.state).toBe('unknown');
    expect(audit).toMatchObject([{ decision: 'refused' }, { decision: 'refused', code: 'RESULT_UNUSABLE' }]);
  });

  test('a tool without an output schema takes any result, and a large one is kept as a reference', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const small = await unknown(store, claimIn(BILLING, { tool: 'send_letter' }));
    expect(await desk.resolve(bo, small, { executed: true, result: null })).toMatchObject({ result: null });
    const large = await unknown(store, claimIn(BILLING, { tool: 'send_letter' }));
    const resolved = await desk.resolve(bo, large, { executed: true, result: 'x'.repeat(300_000) });
    expect(resolved).toMatchObject({ executed: 'yes', error: { code: 'RESULT_OMITTED' } });
  });

  test('of a tool that is gone no result is taken', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const id = await unknown(store, claimIn(BILLING, { tool: 'old_tool' }));
    expect(await refusedWith(desk.resolve(bo, id, { executed: true, result: {} }))).toBe('TOOL_GONE');
    expect(await desk.resolve(bo, id, { executed: true })).toMatchObject({ state: 'done', executed: 'yes' });
  });

  test('only what is unknown is resolved, and once', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const ids = [await done(store), await released(store), await waiting(store), (await underWay(store)).id];
    for (const id of ids) {
      expect(await refusedWith(desk.resolve(bo, id, { executed: false }))).toBe('OPERATION_NOT_UNKNOWN');
    }
    const id = await unknown(store);
    const both = [true, false].map((executed) => refusedWith(desk.resolve(bo, id, { executed })));
    expect((await Promise.all(both)).toSorted()).toEqual(['OPERATION_NOT_UNKNOWN', 'nothing was refused']);
    const absent = `op_${BILLING}${'0'.repeat(24)}`;
    expect(await refusedWith(desk.resolve(bo, absent, { executed: false }))).toBe('OPERATION_NOT_FOUND');
  });

  test('the event is on record with the resolution, until the audit has it', async () => {
    const kept = openPlace(place);
    const id = await unknown(kept.store);
    await openOffice(kept, { brokenAudit: true }).desk.resolve(bo, id, { executed: false });
    const entries = await kept.store.entries(0, '');
    expect(entries.map(({ text }) => JSON.parse(text) as unknown)).toMatchObject([
      { event: 'operation_resolved', decision: 'resolved_as_not_executed', operation_id: id, requested_by: 'ada' },
    ]);
  });

  test('where the server names a scope for operators, they need it', async () => {
    const { store, desk, audit } = openOffice(openPlace(place), { server: serverWith({ operationsScope: 'operate' }) });
    const id = await unknown(store);
    expect(await refusedWith(desk.resolve(bo, id, { executed: false }))).toBe('SCOPE_MISSING');
    expect(await refusedWith(desk.purge(bo))).toBe('SCOPE_MISSING');
    expect(await refusedWith(desk.hold(bo, true))).toBe('SCOPE_MISSING');
    expect(audit.map(({ event, decision }) => `${event} ${decision}`)).toEqual([
      'operation_resolved refused',
      'operations_purged refused',
      'store_held refused',
    ]);
    expect((await store.begin(claimIn(BILLING, { irreversible: true }))).kind).toBe('claimed');
    expect(await desk.resolve(atTerminal('bo', 'operate'), id, { executed: false })).toMatchObject({
      state: 'released',
    });
  });
});
