import { describe, expect, test } from 'vitest';

import type { Operator } from '../../../templates/kernel/operations/desk.ts';
import { GRACE_MS } from '../../../templates/kernel/pipeline/background/reaper.ts';
import { RETENTION_MS, serverWith } from './declaration.ts';
import { atTerminal, callerOf, openOffice, openPlace, PLACES, refusedWith } from './desks.ts';
import { BILLING, claimIn, done, failed, QUESTION, released, underWay, unknown, waiting } from './records.ts';

const bo = atTerminal('bo');
const server = serverWith({ operationsScope: 'operate' });

describe.each(PLACES)('on %s', (place) => {
  test('purge removes what is over and old, and says how many; what may have happened stays', async () => {
    const { store, desk, audit, passTime } = openOffice(openPlace(place));
    const open = [await unknown(store), (await underWay(store)).id];
    const over = [await done(store), await released(store), await failed(store)];
    expect(await desk.purge(bo)).toBe(0);
    passTime(RETENTION_MS);
    expect(await desk.purge(bo)).toBe(0);
    passTime(GRACE_MS);
    const young = [await done(store), await failed(store), await waiting(store)];
    expect(await desk.purge(bo)).toBe(3);
    for (const id of over) expect(await store.findById(id)).toBeUndefined();
    for (const id of [...open, ...young]) expect(await store.findById(id)).toBeDefined();
    const purged = { event: 'operations_purged', decision: 'purged', subject: 'bo' };
    expect(audit).toMatchObject([purged, purged, purged]);
    expect(audit[0]).not.toHaveProperty('operation_id');
  });

  test('nobody purges who sees the operations of one tenant only', async () => {
    const { store, desk, audit, passTime } = openOffice(openPlace(place), { server });
    const id = await failed(store);
    passTime(RETENTION_MS + GRACE_MS);
    for (const over of ['http', 'command_line'] as const) {
      const acme: Operator = { caller: callerOf('eve', ['operate'], 'acme'), over };
      expect(await refusedWith(desk.purge(acme))).toBe('CONCERNS_ALL_TENANTS');
    }
    const outsider: Operator = { caller: callerOf('eve'), over: 'http' };
    expect(await refusedWith(desk.purge(outsider))).toBe('SCOPE_MISSING');
    expect(await store.findById(id)).toBeDefined();
    expect(await desk.purge({ caller: callerOf('bo', ['operate']), over: 'http' })).toBe(1);
    expect(audit.map(({ subject, over, decision }) => [subject, over, decision])).toEqual([
      ['eve', 'http', 'refused'],
      ['eve', 'command_line', 'refused'],
      ['eve', 'http', 'refused'],
      ['bo', 'http', 'purged'],
    ]);
  });

  test('a question and its answer stay as long as they stand', async () => {
    const { store, desk, passTime } = openOffice(openPlace(place));
    const claims = [1, 2].map(() => claimIn(BILLING, { approval: { ...QUESTION, expiresMs: 3 * RETENTION_MS } }));
    const [asked, approved] = await Promise.all(claims.map((claim) => waiting(store, claim)));
    await desk.decide(atTerminal('bo', 'refunds:approve'), approved ?? '', { approve: true });
    passTime(2 * RETENTION_MS);
    expect(await desk.purge(bo)).toBe(0);
    expect((await desk.list(bo, ['pending-approval'])).operations).toMatchObject([{ operation_id: asked }]);
  });

  test('held back is what cannot be undone, until it is let go', async () => {
    const { store, desk, audit } = openOffice(openPlace(place));
    await desk.hold(bo, true);
    expect((await store.begin(claimIn(BILLING, { irreversible: true }))).kind).toBe('held');
    expect((await store.begin(claimIn(BILLING))).kind).toBe('claimed');
    await desk.hold(bo, false);
    expect((await store.begin(claimIn(BILLING, { irreversible: true }))).kind).toBe('claimed');
    expect(audit.map(({ decision }) => decision)).toEqual(['held', 'hold_released']);
  });
});

test('purge goes on until nothing is left to remove', async () => {
  const { store, desk, passTime } = openOffice(openPlace('memory'));
  for (let count = 0; count < 1_001; count += 1) await done(store);
  passTime(RETENTION_MS + GRACE_MS);
  expect(await desk.purge(bo)).toBe(1_001);
});
