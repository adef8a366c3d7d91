import { expect, test } from 'vitest';

import type { Cap } from '../../../templates/kernel/idempotency/claim.ts';
import { begin } from '../../../templates/kernel/idempotency/transitions.ts';
import { approverAsked, BEFORE, claimOf, inState, LEASE_END, momentAt, operationOf } from './samples.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const perHour: Cap = { counter: 'refunds/hour', window: 'hour', limit: 3 };
const perDay: Cap = { counter: 'refunds/day', window: 'day', limit: 4 };
const perRun: Cap = { counter: 'refunds/run-1', window: 'run', limit: 5 };
const caps = [perHour, perDay, perRun];

test('hours and days have counters of their own, which end with them; a run ends a month after its last effect', () => {
  const charge = (now: number) => begin(undefined, claimOf({ caps }), momentAt(now)).charge;
  expect(charge(3 * DAY + HOUR - 1)).toEqual([
    { counter: 'refunds/hour:72', limit: 3, expiresAt: 3 * DAY + HOUR },
    { counter: 'refunds/day:3', limit: 4, expiresAt: 4 * DAY },
    { counter: 'refunds/run-1', limit: 5, expiresAt: 33 * DAY + HOUR - 1 },
  ]);
  expect(charge(3 * DAY + HOUR)?.map(({ counter }) => counter)).toEqual([
    'refunds/hour:73',
    'refunds/day:3',
    'refunds/run-1',
  ]);
  expect(charge(4 * DAY)?.map(({ counter }) => counter)).toEqual(['refunds/hour:96', 'refunds/day:4', 'refunds/run-1']);
});

test('an operation knows what it was charged to', () => {
  const { next } = begin(undefined, claimOf({ caps }), momentAt(HOUR));
  expect(next?.charges).toEqual(['refunds/hour:1', 'refunds/day:0', 'refunds/run-1']);
});

test('a full counter says which cap it is, and when its window ends', () => {
  const now = 2 * DAY + HOUR + 100;
  const { charge = [], whenFull } = begin(undefined, claimOf({ caps }), momentAt(now));
  const [hour, day, run] = charge.map((one) => whenFull?.(one));
  expect(hour).toMatchObject({ kind: 'cap-exceeded', cap: perHour, endsInMs: HOUR - 100 });
  expect(day).toMatchObject({ kind: 'cap-exceeded', cap: perDay, endsInMs: 23 * HOUR - 100 });
  expect(run).toMatchObject({ kind: 'cap-exceeded', cap: perRun, endsInMs: null });
  expect(() => whenFull?.({ counter: 'other', limit: 1, expiresAt: 0 })).toThrow(/no cap of this claim/);
});

test('every new effect is charged: the first, one that was released, and one that was agreed to', () => {
  const approved = inState('approved', { approval: approverAsked });
  for (const current of [undefined, inState('released'), approved]) {
    expect(begin(current, claimOf({ caps: [perRun] }), momentAt(BEFORE)).charge).toHaveLength(1);
  }
});

test('what is taken over or sent again is the same effect, and keeps its charge', () => {
  const charges = ['refunds/run-1'];
  const resend = { kind: 'resend', withinMs: 5_000 } as const;
  const unknown = inState('unknown', { charges, firstSent: { at: 500, digest: null } });
  for (const current of [operationOf({ charges }), unknown]) {
    const step = begin(current, claimOf({ caps, afterUnknown: resend }), momentAt(LEASE_END));
    expect([step.result.kind, step.charge, step.next?.charges]).toEqual(['claimed', undefined, charges]);
  }
});

test('a value that is set once more, in doubt, counts in the windows that it was not yet charged to', () => {
  const charges = ['refunds/hour:1', 'refunds/day:0', 'refunds/run-1'];
  const setAgain = { kind: 'set-again' } as const;
  const at = (now: number) =>
    begin(inState('unknown', { charges }), claimOf({ caps, afterUnknown: setAgain }), momentAt(now));
  expect(at(2 * HOUR - 1)).toMatchObject({ charge: [], next: { charges, inDoubt: true } });
  const { charge = [], next, whenFull } = at(2 * HOUR);
  expect(charge.map(({ counter }) => counter)).toEqual(['refunds/hour:2']);
  expect(next?.charges).toEqual([...charges, 'refunds/hour:2']);
  const dayLater = at(DAY + HOUR);
  const [, day] = dayLater.charge ?? [];
  expect(dayLater.whenFull?.(day ?? charge[0] ?? { counter: '', limit: 0, expiresAt: 0 })).toMatchObject({
    cap: perDay,
  });
  expect(charge.map((one) => whenFull?.(one))).toMatchObject([{ kind: 'cap-exceeded', cap: perHour }]);
});

test('the rest of an effect is charged no second time', () => {
  const current = inState('released', { steps: { reserve: 1 }, charges: ['refunds/run-1'] });
  const { next, charge } = begin(current, claimOf({ caps: [perRun] }), momentAt(BEFORE));
  expect(charge).toBeUndefined();
  expect(next).toMatchObject({ state: 'claimed', charges: ['refunds/run-1'] });
});

test('a question costs nothing', () => {
  const approval = { by: 'approver', scope: null, summary: '', expiresMs: 1, consent: null } as const;
  const step = begin(undefined, claimOf({ caps, approval }), momentAt(BEFORE));
  expect([step.result.kind, step.charge, step.next?.charges]).toEqual(['approval-required', undefined, []]);
});
