import { describe, expect, test } from 'vitest';

import type { Operator } from '../../../templates/kernel/operations/desk.ts';
import { atTerminal, callerOf, openOffice, openPlace, PLACES, refusedWith } from './desks.ts';
import { BILLING, claimIn, done, QUESTION, unknown, waiting } from './records.ts';

const approver = atTerminal('bo', 'refunds:approve');

describe.each(PLACES)('on %s', (place) => {
  test('a yes lets the same call run once, and is audited with who said it and who asked', async () => {
    const { store, desk, audit } = openOffice(openPlace(place));
    const claim = claimIn(BILLING, { approval: QUESTION });
    await waiting(store, claim);
    const approved = await desk.decide(approver, claim.id, { approve: true });
    expect(approved).toMatchObject({ state: 'approved', approval: { decided_by: 'bo' }, actions: [] });
    expect(audit).toMatchObject([
      {
        event: 'operation_decided',
        decision: 'approved',
        operation_id: claim.id,
        tool: 'issue_refund',
        requested_by: 'ada',
        subject: 'bo',
        over: 'command_line',
      },
    ]);
    expect((await store.begin(claim)).kind).toBe('claimed');
  });

  test('a no is told to the same call', async () => {
    const { store, desk, audit } = openOffice(openPlace(place));
    const claim = claimIn(BILLING, { approval: QUESTION });
    await waiting(store, claim);
    expect(await desk.decide(approver, claim.id, { approve: false })).toMatchObject({ state: 'denied' });
    expect(audit).toMatchObject([{ event: 'operation_decided', decision: 'denied' }]);
    expect((await store.begin(claim)).kind).toBe('denied');
  });

  test.each([
    ['without the scope of the approval', atTerminal('bo', 'refunds:write', 'operate'), 'SCOPE_MISSING'],
    ['by whoever asked', atTerminal('ada', 'refunds:approve'), 'OWN_REQUEST'],
  ])('an answer %s is refused', async (_, operator, code) => {
    const { store, desk, audit } = openOffice(openPlace(place));
    const id = await waiting(store);
    for (const approve of [true, false]) expect(await refusedWith(desk.decide(operator, id, { approve }))).toBe(code);
    expect((await store.findById(id))?.state).toBe('pending-approval');
    const refused = { event: 'operation_decided', decision: 'refused', code, operation_id: id, requested_by: 'ada' };
    expect(audit).toMatchObject([refused, refused]);
    expect(await store.entries(0, '')).toEqual([]);
  });

  test('what the caller is asked in the client is not for others', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const id = await waiting(store, claimIn(BILLING, { approval: { ...QUESTION, by: 'caller', scope: null } }));
    for (const subject of ['ada', 'bo']) {
      const operator = atTerminal(subject, 'refunds:approve');
      expect(await refusedWith(desk.decide(operator, id, { approve: true }))).toBe('ASKED_IN_CLIENT');
    }
    expect((await desk.show(approver, id)).actions).toEqual([]);
    expect((await store.findById(id))?.state).toBe('pending-approval');
  });

  test('an approval that names no scope can be given by nobody', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const id = await waiting(store, claimIn(BILLING, { approval: { ...QUESTION, scope: null } }));
    expect(await refusedWith(desk.decide(approver, id, { approve: true }))).toBe('SCOPE_MISSING');
  });

  test('of many answers at once one counts', async () => {
    const { store, desk, audit } = openOffice(openPlace(place));
    const id = await waiting(store);
    const answers = Array.from({ length: 8 }, (_, index) =>
      refusedWith(desk.decide(atTerminal(`bo-${index}`, 'refunds:approve'), id, { approve: index % 2 === 0 })),
    );
    const codes = (await Promise.all(answers)).toSorted();
    expect(codes).toEqual([...Array.from({ length: 7 }, () => 'OPERATION_NOT_PENDING'), 'nothing was refused']);
    expect(audit.filter(({ decision }) => decision !== 'refused')).toHaveLength(1);
  });

  test('what waits for no answer is not decided on', async () => {
    const { store, desk, passTime } = openOffice(openPlace(place));
    const ids = [await unknown(store), await done(store), await waiting(store)];
    passTime(900_000);
    for (const id of ids) {
      expect(await refusedWith(desk.decide(approver, id, { approve: true }))).toBe('OPERATION_NOT_PENDING');
    }
    const absent = `op_${BILLING}${'0'.repeat(24)}`;
    expect(await refusedWith(desk.decide(approver, absent, { approve: true }))).toBe('OPERATION_NOT_FOUND');
  });

  test('over HTTP the scope of the approval is enough, within the tenant', async () => {
    const { store, desk } = openOffice(openPlace(place));
    const id = await waiting(store);
    const over = (tenant?: string): Operator => ({ caller: callerOf('bo', ['refunds:approve'], tenant), over: 'http' });
    expect(await refusedWith(desk.decide(over('other'), id, { approve: true }))).toBe('OPERATION_NOT_FOUND');
    expect(await refusedWith(desk.decide(over(), id, { approve: true }))).toBe('OPERATION_NOT_FOUND');
    expect(await desk.decide(over('acme'), id, { approve: true })).toMatchObject({ state: 'approved' });
  });

  test('the event is on record with the answer, until the audit has it', async () => {
    const kept = openPlace(place);
    const id = await waiting(kept.store);
    await openOffice(kept, { brokenAudit: true }).desk.decide(approver, id, { approve: true });
    const entries = await kept.store.entries(0, '');
    const events = entries.map(({ text }) => JSON.parse(text) as { readonly event_id: string });
    expect(events).toMatchObject([{ event: 'operation_decided', decision: 'approved', operation_id: id }]);
    expect(entries.map((entry) => entry.id)).toEqual(events.map(({ event_id: event }) => `${id}.${event}`));
    await openOffice(kept).desk.decide(approver, await waiting(kept.store), { approve: true });
    expect(await kept.store.entries(0, '')).toEqual(entries);
  });
});
