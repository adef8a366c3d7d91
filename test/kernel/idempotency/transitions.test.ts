import { expect, test } from 'vitest';

import type { Operation, OperationState } from '../../../templates/kernel/idempotency/operation.ts';
import {
  asOf,
  begin,
  isExpired,
  markSent,
  recordOutcome,
  recordUnknown,
  release,
} from '../../../templates/kernel/idempotency/transitions.ts';
import { claimOf, operationOf, succeeded } from './samples.ts';

const BEFORE = 999;
const LEASE_END = 1_000;
const at = (now: number, lastFence = 7) => ({ now, lastFence, retentionMs: 10_000 });

function inState(state: OperationState): Operation {
  return operationOf({ state, outcome: state === 'done' ? succeeded : null });
}

interface Row {
  readonly state: OperationState;
  readonly now: number;
  readonly to: OperationState;
  readonly answer: unknown;
}

// Every state, while its lease holds and when it has run out. `to` is the state afterwards.
const beginRows: readonly (Row & { readonly sendAgain: boolean; readonly sameArguments: boolean })[] = [
  ...[true, false].flatMap((sendAgain) => [
    {
      sendAgain,
      sameArguments: true,
      state: 'claimed' as const,
      now: BEFORE,
      to: 'claimed' as const,
      answer: 'in-progress',
    },
    {
      sendAgain,
      sameArguments: true,
      state: 'claimed' as const,
      now: LEASE_END,
      to: 'claimed' as const,
      answer: 'claimed',
    },
    { sendAgain, sameArguments: true, state: 'sent' as const, now: BEFORE, to: 'sent' as const, answer: 'in-progress' },
    { sendAgain, sameArguments: true, state: 'done' as const, now: BEFORE, to: 'done' as const, answer: 'done' },
    { sendAgain, sameArguments: true, state: 'done' as const, now: LEASE_END, to: 'done' as const, answer: 'done' },
    {
      sendAgain,
      sameArguments: true,
      state: 'released' as const,
      now: BEFORE,
      to: 'claimed' as const,
      answer: 'claimed',
    },
    {
      sendAgain,
      sameArguments: true,
      state: 'released' as const,
      now: LEASE_END,
      to: 'claimed' as const,
      answer: 'claimed',
    },
    {
      sendAgain,
      sameArguments: false,
      state: 'claimed' as const,
      now: BEFORE,
      to: 'claimed' as const,
      answer: 'conflict',
    },
    {
      sendAgain,
      sameArguments: false,
      state: 'claimed' as const,
      now: LEASE_END,
      to: 'claimed' as const,
      answer: 'conflict',
    },
    { sendAgain, sameArguments: false, state: 'sent' as const, now: BEFORE, to: 'sent' as const, answer: 'conflict' },
    {
      sendAgain,
      sameArguments: false,
      state: 'sent' as const,
      now: LEASE_END,
      to: 'sent' as const,
      answer: 'conflict',
    },
    { sendAgain, sameArguments: false, state: 'done' as const, now: BEFORE, to: 'done' as const, answer: 'conflict' },
    {
      sendAgain,
      sameArguments: false,
      state: 'unknown' as const,
      now: BEFORE,
      to: 'unknown' as const,
      answer: 'conflict',
    },
    {
      sendAgain,
      sameArguments: false,
      state: 'released' as const,
      now: BEFORE,
      to: 'claimed' as const,
      answer: 'claimed',
    },
  ]),
  { sendAgain: false, sameArguments: true, state: 'sent', now: LEASE_END, to: 'unknown', answer: 'unknown' },
  { sendAgain: true, sameArguments: true, state: 'sent', now: LEASE_END, to: 'claimed', answer: 'claimed' },
  { sendAgain: false, sameArguments: true, state: 'unknown', now: BEFORE, to: 'unknown', answer: 'unknown' },
  { sendAgain: false, sameArguments: true, state: 'unknown', now: LEASE_END, to: 'unknown', answer: 'unknown' },
  { sendAgain: true, sameArguments: true, state: 'unknown', now: BEFORE, to: 'claimed', answer: 'claimed' },
];

test.each(beginRows)(
  'a claim at $now on $state (same arguments: $sameArguments, send again: $sendAgain) answers $answer and leaves $to',
  ({ state, now, sendAgain, sameArguments, to, answer }) => {
    const current = inState(state);
    const claim = claimOf({ sendAgain, fingerprint: sameArguments ? 'arguments-1' : 'arguments-2' });
    const { next, result } = begin(current, claim, at(now));
    expect([result.kind, next.state]).toEqual([answer, to]);
    expect(next.fence).toBe(answer === 'claimed' ? 8 : 7);
    expect(next.leaseUntil).toBe(answer === 'claimed' ? now + 60_000 : current.leaseUntil);
  },
);

test('the first claim of a key gets a fence above every fence given before', () => {
  const { next, result } = begin(undefined, claimOf({ id: 'op_1' }), at(50, 41));
  expect(result.kind).toBe('claimed');
  expect(next).toMatchObject({ id: 'op_1', state: 'claimed', fence: 42, createdAt: 50, leaseUntil: 60_050 });
});

test('an operation that is taken over keeps the id that callers were told', () => {
  const claim = claimOf();
  expect(begin(inState('claimed'), claim, at(LEASE_END)).next.id).toBe(inState('claimed').id);
  expect(begin(inState('released'), { ...claim, fingerprint: 'other' }, at(BEFORE)).next.id).toBe(claim.id);
});

test('a call under way says when to come back, never later than its lease or two seconds', () => {
  const wait = (leaseUntil: number) => begin(operationOf({ leaseUntil }), claimOf(), at(0)).result;
  expect(wait(300)).toMatchObject({ kind: 'in-progress', retryAfterMs: 300 });
  expect(wait(60_000)).toMatchObject({ kind: 'in-progress', retryAfterMs: 2_000 });
});

test('a value that was set is set again once anything was claimed after it', () => {
  const claim = claimOf({ sendAgain: true });
  expect(begin(inState('done'), claim, at(BEFORE, 8)).result.kind).toBe('claimed');
  expect(begin(inState('done'), claim, at(BEFORE, 7)).result.kind).toBe('done');
  expect(begin(inState('done'), { ...claim, sendAgain: false }, at(BEFORE, 8)).result.kind).toBe('done');
});

test('the retention ends for what is finished, and for nothing else', () => {
  const ended = { now: 10_200, retentionMs: 10_000 };
  const expired = (state: OperationState) => isExpired(inState(state), ended);
  expect(['claimed', 'sent', 'unknown'].map((state) => expired(state as OperationState))).toEqual([
    false,
    false,
    false,
  ]);
  expect([expired('done'), expired('released')]).toEqual([true, true]);
  expect(isExpired(inState('done'), { ...ended, now: 10_199 })).toBe(false);
  const claim = claimOf({ fingerprint: 'other' });
  expect(begin(inState('done'), claim, at(10_200)).next).toMatchObject({ id: claim.id, state: 'claimed', fence: 8 });
});

const claimed = { key: 'key-1', fence: 7 };
type Event = (
  current: Operation | undefined,
  fence: number,
  now: number,
) => { next: Operation | undefined; result: unknown };
const events: Readonly<Record<string, Event>> = {
  sent: (current, fence, now) => markSent(current, { ...claimed, fence }, now),
  outcome: (current, fence, now) => recordOutcome(current, { claimed: { ...claimed, fence }, outcome: succeeded }, now),
  release: (current, fence, now) => release(current, { ...claimed, fence }, now),
  unknown: (current, fence, now) => recordUnknown(current, { ...claimed, fence }, now),
};

const eventRows: readonly (Row & { readonly event: string })[] = [
  { event: 'sent', state: 'claimed', now: BEFORE, to: 'sent', answer: true },
  { event: 'sent', state: 'claimed', now: LEASE_END, to: 'claimed', answer: false },
  { event: 'sent', state: 'sent', now: BEFORE, to: 'sent', answer: false },
  { event: 'sent', state: 'done', now: BEFORE, to: 'done', answer: false },
  { event: 'sent', state: 'unknown', now: BEFORE, to: 'unknown', answer: false },
  { event: 'sent', state: 'released', now: BEFORE, to: 'released', answer: false },
  { event: 'outcome', state: 'claimed', now: BEFORE, to: 'claimed', answer: 'lost' },
  { event: 'outcome', state: 'sent', now: BEFORE, to: 'done', answer: 'recorded' },
  { event: 'outcome', state: 'sent', now: LEASE_END, to: 'done', answer: 'late' },
  { event: 'outcome', state: 'unknown', now: LEASE_END, to: 'done', answer: 'late' },
  { event: 'outcome', state: 'done', now: BEFORE, to: 'done', answer: 'lost' },
  { event: 'outcome', state: 'released', now: BEFORE, to: 'released', answer: 'lost' },
  { event: 'release', state: 'claimed', now: BEFORE, to: 'released', answer: undefined },
  { event: 'release', state: 'sent', now: BEFORE, to: 'released', answer: undefined },
  { event: 'release', state: 'unknown', now: BEFORE, to: 'released', answer: undefined },
  { event: 'release', state: 'done', now: BEFORE, to: 'done', answer: undefined },
  { event: 'release', state: 'released', now: BEFORE, to: 'released', answer: undefined },
  { event: 'unknown', state: 'claimed', now: BEFORE, to: 'claimed', answer: undefined },
  { event: 'unknown', state: 'sent', now: BEFORE, to: 'unknown', answer: undefined },
  { event: 'unknown', state: 'unknown', now: BEFORE, to: 'unknown', answer: undefined },
  { event: 'unknown', state: 'done', now: BEFORE, to: 'done', answer: undefined },
  { event: 'unknown', state: 'released', now: BEFORE, to: 'released', answer: undefined },
];

test.each(eventRows)('$event at $now on $state answers $answer and leaves $to', ({ event, state, now, to, answer }) => {
  const step = events[event]?.(inState(state), 7, now);
  expect([step?.result, step?.next?.state]).toEqual([answer, to]);
  expect(step?.next?.fence).toBe(7);
});

test('whoever holds an older fence, or no operation at all, changes nothing', () => {
  for (const event of Object.values(events)) {
    for (const state of ['claimed', 'sent', 'done', 'unknown', 'released'] as const) {
      const current = inState(state);
      expect(event(current, 6, BEFORE).next).toBe(current);
    }
    expect(event(undefined, 7, BEFORE).next).toBeUndefined();
  }
  expect(events['sent']?.(inState('claimed'), 6, BEFORE).result).toBe(false);
  expect(events['outcome']?.(inState('sent'), 6, BEFORE).result).toBe('lost');
});

test('what was sent and never heard of again reads as unknown', () => {
  expect(asOf(inState('sent'), LEASE_END).state).toBe('unknown');
  expect(asOf(inState('sent'), BEFORE).state).toBe('sent');
  expect(asOf(inState('claimed'), LEASE_END).state).toBe('claimed');
});
