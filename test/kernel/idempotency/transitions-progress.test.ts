import { expect, test } from 'vitest';

import type { Operation, OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import {
  asOf,
  extendLease,
  isExpired,
  markSent,
  recordOutcome,
  recordUnknown,
  release,
} from '../../../templates/kernel/idempotency/transitions.ts';
import type { Change, Current } from '../../../templates/kernel/idempotency/transitions/moment.ts';
import { approverAsked, BEFORE, inState, LEASE_END, succeeded } from './samples.ts';

const mine = { key: 'key-1', fence: 7 };
const STATES: readonly OperationState[] = [
  ...(['pending-approval', 'approved', 'denied', 'claimed', 'sent', 'done', 'unknown', 'released'] as const),
];

type Claimed = typeof mine;
const events = {
  sent: (current: Current, claimed: Claimed, now: number) => markSent(current, { claimed, digest: 'request-1' }, now),
  lease: (current: Current, claimed: Claimed, now: number) => extendLease(current, { claimed, leaseMs: 500 }, now),
  outcome: (current: Current, claimed: Claimed, now: number) =>
    recordOutcome(current, { claimed, outcome: succeeded }, now),
  release: (current: Current, claimed: Claimed, now: number) => release(current, { claimed, certain: false }, now),
  unknown: (current: Current, claimed: Claimed, now: number) => recordUnknown(current, claimed, now),
} satisfies Record<string, (current: Current, claimed: Claimed, now: number) => Change<unknown>>;
type Event = keyof typeof events;

/** What the event answers where it changes nothing. */
const NOTHING = { sent: 'lost', lease: false, outcome: 'lost', release: undefined, unknown: undefined } as const;

// The only places where something changes.
const changes: readonly (readonly [Event, OperationState, now: number, to: OperationState, answer: unknown])[] = [
  ['sent', 'claimed', BEFORE, 'sent', 'sent'],
  ['lease', 'claimed', BEFORE, 'claimed', true],
  ['lease', 'sent', BEFORE, 'sent', true],
  ['outcome', 'claimed', BEFORE, 'done', 'recorded'],
  ['outcome', 'claimed', LEASE_END, 'done', 'recorded'],
  ['outcome', 'sent', BEFORE, 'done', 'recorded'],
  ['outcome', 'sent', LEASE_END, 'done', 'late'],
  ['outcome', 'unknown', BEFORE, 'done', 'late'],
  ['outcome', 'unknown', LEASE_END, 'done', 'late'],
  ['release', 'claimed', BEFORE, 'released', undefined],
  ['release', 'claimed', LEASE_END, 'released', undefined],
  ['release', 'sent', BEFORE, 'released', undefined],
  ['release', 'sent', LEASE_END, 'released', undefined],
  ['release', 'unknown', BEFORE, 'released', undefined],
  ['release', 'unknown', LEASE_END, 'released', undefined],
  ['unknown', 'sent', BEFORE, 'unknown', undefined],
  ['unknown', 'sent', LEASE_END, 'unknown', undefined],
];

test.each(changes)('%s on %s at %i leaves %s and answers %s', (event, state, now, to, answer) => {
  const current = inState(state);
  const { next, result } = events[event](current, mine, now);
  expect([next?.state, result]).toEqual([to, answer]);
  expect(next).toMatchObject({ id: current.id, fence: 7, outcome: to === 'done' ? succeeded : null });
  expect(next?.updatedAt).toBe(event === 'lease' ? current.updatedAt : now);
});

const elsewhere = (Object.keys(events) as Event[]).flatMap((event) =>
  STATES.flatMap((state) =>
    [BEFORE, LEASE_END]
      .filter((now) => !changes.some((row) => row[0] === event && row[1] === state && row[2] === now))
      .map((now) => [event, state, now] as const),
  ),
);

test.each(elsewhere)('%s on %s at %i changes nothing', (event, state, now) => {
  const current = inState(state);
  const { next, result } = events[event](current, mine, now);
  expect(next).toBe(current);
  expect(result).toBe(NOTHING[event]);
});

test.each(Object.keys(events) as Event[])(
  '%s of another fence, another key or no operation changes nothing',
  (event) => {
    for (const [, state, now] of changes.filter((row) => row[0] === event)) {
      const current = inState(state);
      for (const claimed of [
        { ...mine, fence: 6 },
        { ...mine, fence: 8 },
        { ...mine, key: 'key-2' },
      ]) {
        const { next, result } = events[event](current, claimed, now);
        expect(next).toBe(current);
        expect(result).toBe(NOTHING[event]);
      }
    }
    expect(events[event](undefined, mine, BEFORE)).toEqual({ next: undefined, result: NOTHING[event] });
  },
);

const first = { at: 500, digest: 'request-1' };
const send = (current: Operation, digest: string | null) => markSent(current, { claimed: mine, digest }, BEFORE);

test('what is sent first is kept, with its time', () => {
  expect(send(inState('claimed'), 'request-1').next?.firstSent).toEqual({ at: BEFORE, digest: 'request-1' });
  expect(send(inState('claimed'), null).next?.firstSent).toEqual({ at: BEFORE, digest: null });
});

test('what is in doubt may only be sent again as it was sent first', () => {
  const inDoubt = inState('claimed', { inDoubt: true, firstSent: first });
  expect(send(inDoubt, 'request-1')).toMatchObject({ result: 'sent', next: { state: 'sent', firstSent: first } });
  for (const digest of ['request-2', null]) {
    const { next, result } = send(inDoubt, digest);
    expect([result, next?.state, next?.updatedAt, next?.inDoubt]).toEqual(['changed', 'unknown', BEFORE, true]);
  }
});

test('what is in doubt, and nobody knows how it was sent first, is not sent again, unless that is all the same', () => {
  expect(send(inState('claimed', { inDoubt: true }), 'request-1').result).toBe('changed');
  const { result, next } = send(inState('claimed', { inDoubt: true }), null);
  expect([result, next?.firstSent]).toEqual(['sent', { at: BEFORE, digest: null }]);
});

test('what is not in doubt may be sent as it is now', () => {
  const { next, result } = send(inState('claimed', { firstSent: first }), 'request-2');
  expect([result, next?.firstSent]).toEqual(['sent', { at: BEFORE, digest: 'request-2' }]);
});

test('a lease is only ever made longer', () => {
  const extend = (leaseMs: number) => extendLease(inState('sent'), { claimed: mine, leaseMs }, 900).next?.leaseUntil;
  expect([extend(50), extend(100), extend(101)]).toEqual([1_000, 1_000, 1_001]);
});

test.each(['claimed', 'sent', 'unknown'] as const)(
  'whoever releases what is %s and in doubt leaves it unknown, unless they are certain',
  (state) => {
    const current = inState(state, { inDoubt: true, firstSent: first, charges: ['run'] });
    const unsure = release(current, { claimed: mine, certain: false }, BEFORE);
    expect(unsure.next).toEqual({ ...current, state: 'unknown', updatedAt: BEFORE });
    expect(unsure.refund).toBeUndefined();
    const sure = release(current, { claimed: mine, certain: true }, BEFORE);
    expect(sure.next).toMatchObject({ state: 'released', inDoubt: false, firstSent: null });
    expect(sure.refund).toEqual(['run']);
  },
);

test('what was found before it was sent gives back what was charged; what had a part of its effect, or may have, does not', () => {
  const done = (current: Operation) => recordOutcome(current, { claimed: mine, outcome: succeeded }, BEFORE);
  const charges = ['hour:1'];
  const found = done(inState('claimed', { charges }));
  expect([found.refund, found.next?.charges]).toEqual([charges, []]);
  for (const current of [
    inState('sent', { charges }),
    inState('unknown', { charges }),
    inState('claimed', { charges, inDoubt: true }),
    inState('claimed', { charges, steps: { first: 1 } }),
  ]) {
    const { refund, next } = done(current);
    expect([refund, next?.charges]).toEqual([undefined, charges]);
  }
});

test('a release gives back what was charged, and forgets what was sent', () => {
  const current = inState('sent', { firstSent: first, charges: ['run', 'day'], step: 'pay' });
  const { next, refund } = release(current, { claimed: mine, certain: false }, BEFORE);
  expect(refund).toEqual(['run', 'day']);
  expect(next).toMatchObject({ charges: [], firstSent: null, step: null });
});

test('finished steps outlive a release, and what they were charged to is not given back', () => {
  const current = inState('sent', { charges: ['run', 'day'], steps: { reserve: 1 }, step: 'pay' });
  const { next, refund } = release(current, { claimed: mine, certain: false }, BEFORE);
  expect(refund).toEqual([]);
  expect(next).toMatchObject({ charges: ['run', 'day'], step: null, steps: { reserve: 1 } });
});

test.each(['outcome', 'unknown'] as const)('%s gives nothing back', (event) => {
  const step = events[event](inState('sent', { charges: ['run'] }), mine, BEFORE);
  expect([step.refund, step.next?.charges]).toEqual([undefined, ['run']]);
});

test('with its outcome, an operation is in no step any more', () => {
  expect(events.outcome(inState('sent', { step: 'pay' }), mine, BEFORE).next?.step).toBeNull();
});

test('a claim in doubt becomes unknown when its holder says so, and one that is not stays', () => {
  const inDoubt = inState('claimed', { inDoubt: true });
  expect(recordUnknown(inDoubt, mine, BEFORE).next).toEqual({ ...inDoubt, state: 'unknown', updatedAt: BEFORE });
});

test('what may have been sent, and was never heard of again, reads as unknown since its lease ended', () => {
  const lapsed = { state: 'unknown', updatedAt: LEASE_END };
  for (const current of [inState('sent'), inState('claimed', { inDoubt: true })]) {
    expect(asOf(current, LEASE_END)).toEqual({ ...current, ...lapsed });
    expect(asOf(current, BEFORE)).toBe(current);
  }
  for (const state of STATES.filter((one) => one !== 'sent')) {
    const current = inState(state);
    expect(asOf(current, LEASE_END)).toBe(current);
  }
});

test('an outcome that comes for a claim in doubt after its lease is late', () => {
  expect(events.outcome(inState('claimed', { inDoubt: true }), mine, LEASE_END).result).toBe('late');
});

test('the retention ends for what is finished, a question with its time, and nothing else ends', () => {
  const expired = (state: OperationState, now: number) =>
    isExpired(inState(state, { approval: approverAsked }), { now, retentionMs: 10_000 });
  const ended = (now: number) => STATES.filter((state) => expired(state, now));
  expect(ended(999)).toEqual([]);
  expect(ended(1_000)).toEqual(['pending-approval', 'approved', 'denied']);
  expect(ended(10_199)).toEqual(['pending-approval', 'approved', 'denied']);
  expect(ended(10_200)).toEqual(['pending-approval', 'approved', 'denied', 'done', 'released']);
});
