import { expect, test } from 'vitest';

import { afterUnknown } from '../../../templates/kernel/pipeline/claim.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';

const MINUTE = 60_000;
const usual = { leaseMs: MINUTE, deadlineMs: MINUTE / 2 };
const keyed = (retentionMs: number): IdempotencyPolicy => ({
  strategy: 'derived-key',
  key: [],
  recovery: 'resend',
  upstreamKey: { retentionMs },
});

test('nothing is sent again in the last five minutes of what the upstream remembers', () => {
  expect(afterUnknown(keyed(60 * MINUTE), usual)).toEqual({ kind: 'resend', withinMs: 55 * MINUTE });
  expect(afterUnknown(keyed(4 * MINUTE), usual)).toEqual({ kind: 'resend', withinMs: 0 });
});

test('longer leases and calls need a longer margin: what is claimed in time may be sent as late as they allow', () => {
  const slow = { leaseMs: 10 * MINUTE, deadlineMs: 9 * MINUTE };
  expect(afterUnknown(keyed(60 * MINUTE), slow)).toEqual({ kind: 'resend', withinMs: 40 * MINUTE });
});

test('a value is set again at any time, and all else by nobody', () => {
  expect(afterUnknown({ strategy: 'natural', recovery: 'send-again' }, usual)).toEqual({ kind: 'set-again' });
  const alone: IdempotencyPolicy = { strategy: 'caller-key', recovery: 'quarantine' };
  expect(afterUnknown(alone, usual)).toEqual({ kind: 'quarantine' });
});
