import { expect, test } from 'vitest';

import { readOperation, writeOperation } from '../../../templates/kernel/idempotency/operation-row.ts';
import { shelfOf, type Operation } from '../../../templates/kernel/idempotency/operation.ts';
import { approverAsked, callerAsked, inState, POISONED, refused, succeeded } from './samples.ts';

const whole: Operation = inState('sent', {
  tenant: null,
  asked: { arguments: { invoice_id: 'inv_1', amount: 7 }, complete: false },
  inDoubt: true,
  firstSent: { at: 500, digest: 'request-1' },
  charges: ['refunds/day:3', 'refunds/run-1'],
  approval: { ...approverAsked, decidedBy: 'grace' },
  steps: { reserve: { reservation: 'r_1' }, notify: null },
  step: 'pay',
  resolvedBy: 'grace',
});

test.each([
  ['with everything that it may have', whole],
  ['with nothing that it need not have', inState('claimed')],
  ['that succeeded', inState('done')],
  ['that failed', inState('done', { outcome: refused })],
  ['that waits for its caller', inState('pending-approval', { approval: callerAsked })],
  ['that was sent as nobody knows what', inState('sent', { firstSent: { at: 500, digest: null } })],
])('an operation %s is read as it was written', (_, operation) => {
  expect(readOperation(writeOperation(operation))).toEqual(operation);
});

test('what a query looks for stands in columns of its own', () => {
  expect(writeOperation(whole)).toMatchObject({ shelf: 'open', stands_until: null, state: 'sent', fence: 7 });
  const asked = inState('pending-approval', { approval: approverAsked });
  expect(writeOperation(asked)).toMatchObject({ shelf: 'waiting', stands_until: 1_000 });
});

test.each([
  ['pending-approval', 'waiting'],
  ['approved', null],
  ['denied', null],
  ['claimed', 'open'],
  ['sent', 'open'],
  ['unknown', 'open'],
  ['released', null],
  ['done', null],
] as const)('what is %s is on the shelf %s', (state, shelf) => {
  expect(shelfOf(inState(state))).toBe(shelf);
});

test('what failed for good is on a shelf of its own', () => {
  expect(shelfOf(inState('done', { outcome: refused }))).toBe('failed');
});

test.each(['approved', 'denied'] as const)('the answer %s stands until its time', (state) => {
  expect(writeOperation(inState(state, { approval: approverAsked }))['stands_until']).toBe(1_000);
  expect(writeOperation(inState(state))['stands_until']).toBeNull();
});

test('a row of the first release has no details, and needed none', () => {
  const { details: _, ...row } = writeOperation(inState('sent'));
  expect(readOperation(row)).toEqual(inState('sent', { asked: { arguments: {}, complete: false } }));
});

const asked = { arguments: {}, complete: true };
const approval = approverAsked;

// One fault each.
const faults: readonly (readonly [string, unknown])[] = [
  ['asked', null],
  ['asked', { ...asked, arguments: [] }],
  ['asked', { ...asked, complete: 1 }],
  ['inDoubt', 'no'],
  ['firstSent', 7],
  ['firstSent', { at: '500', digest: null }],
  ['firstSent', { at: 500, digest: 7 }],
  ['charges', {}],
  ['charges', [7]],
  ['approval', 'yes'],
  ['approval', { ...approval, by: 'nobody' }],
  ['approval', { ...approval, scope: 7 }],
  ['approval', { ...approval, summary: null }],
  ['approval', { ...approval, expiresMs: '900' }],
  ['approval', { ...approval, expiresAt: null }],
  ['approval', { ...approval, decidedBy: true }],
  ['steps', []],
  ['step', 7],
  ['resolvedBy', false],
];

test.each(faults)('details whose %s is %j read as unknown', (name, value) => {
  const row = writeOperation(inState('claimed'));
  const details = JSON.parse(String(row['details']));
  const poisoned = { ...row, details: JSON.stringify({ ...details, [name]: value }) };
  expect(readOperation(poisoned)).toMatchObject({ state: 'unknown', outcome: null, inDoubt: false });
});

test.each(['fence', 'lease_until', 'created_at', 'updated_at'])(
  'a row whose %s is no number reads as unknown',
  (column) => {
    const row = writeOperation(inState('claimed'));
    for (const value of ['soon', '1.5', '1e300', undefined]) {
      const { state, fence, leaseUntil, createdAt, updatedAt } = readOperation({ ...row, [column]: value });
      expect(state).toBe('unknown');
      expect([fence, leaseUntil, createdAt, updatedAt].every(Number.isSafeInteger)).toBe(true);
    }
    expect(readOperation({ ...row, [column]: '12' }).state).toBe('claimed');
  },
);

test.each(POISONED)('a finished row with %s reads as unknown', (_, column, value) => {
  const row = { ...writeOperation(inState('done')), [column]: value };
  expect(readOperation(row)).toMatchObject({ state: 'unknown', outcome: null });
});

test.each([
  'null',
  '[]',
  '"done"',
  '{"ok":1,"result":"{}"}',
  '{"ok":0,"error":{"code":"A","category":"a","message":"","retry":"never","executed":"no"}}',
  '{"ok":false}',
  '{"ok":false,"error":[]}',
  '{"ok":false,"error":{"code":"A","category":"a","message":"","retry":"never","executed":false}}',
])('%s is no outcome', (outcome) => {
  expect(readOperation({ ...writeOperation(inState('done')), outcome }).state).toBe('unknown');
});

test.each(['null', '[]', '7'])('%s are no details', (details) => {
  expect(readOperation({ ...writeOperation(inState('claimed')), details }).state).toBe('unknown');
});

test('an outcome belongs to what is done, and to nothing else', () => {
  const row = { ...writeOperation(inState('released')), outcome: JSON.stringify(succeeded) };
  expect(readOperation(row)).toMatchObject({ state: 'unknown', outcome: null });
});
