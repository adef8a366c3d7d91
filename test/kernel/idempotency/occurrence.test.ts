import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  GRACE_MS,
  windowAt,
  windowWithinGrace,
  type Window,
} from '../../../templates/kernel/idempotency/occurrence.ts';

const at = (window: Window, time: string) => windowAt(window, Date.parse(time));

test.each<[Window['every'], string, string, string]>([
  ['day', 'UTC', '2026-11-20T23:59:59Z', '2026-11-20'],
  ['day', 'Europe/Berlin', '2026-11-20T23:00:00Z', '2026-11-21'],
  ['day', 'America/Los_Angeles', '2026-11-20T07:59:59Z', '2026-11-19'],
  ['month', 'Pacific/Auckland', '2026-10-31T12:00:00Z', '2026-11'],
  ['hour', 'Asia/Kolkata', '2026-11-20T00:00:00Z', '2026-11-20T05+05:30'],
  ['hour', 'UTC', '2026-11-20T00:30:00Z', '2026-11-20T00+00:00'],
  ['week', 'UTC', '2026-01-01T00:00:00Z', '2026-W01'],
  ['week', 'UTC', '2027-01-03T12:00:00Z', '2026-W53'],
  ['week', 'UTC', '2024-12-30T00:00:00Z', '2025-W01'],
  ['week', 'UTC', '2026-11-22T23:59:59Z', '2026-W47'],
  ['week', 'UTC', '2026-11-23T00:00:00Z', '2026-W48'],
])('the %s in %s at %s is %s', (every, timezone, time, window) => {
  expect(at({ every, timezone }, time)).toBe(window);
});

test('the hour that comes twice when clocks go back is two hours', () => {
  const window: Window = { every: 'hour', timezone: 'Europe/Berlin' };
  expect(at(window, '2026-10-25T00:30:00Z')).toBe('2026-10-25T02+02:00');
  expect(at(window, '2026-10-25T01:30:00Z')).toBe('2026-10-25T02+01:00');
});

const time = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });
const timezone = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia');

test('a window is a stretch of time without gaps', () => {
  const lengths = { hour: 3_600_000, day: 86_400_000, week: 7 * 86_400_000, month: 31 * 86_400_000 } as const;
  fc.assert(
    fc.property(time, timezone, fc.constantFrom('hour', 'day', 'week', 'month'), (now, zone, every) => {
      const window = { every, timezone: zone };
      const later = now + lengths[every] + 3_600_000;
      expect(windowAt(window, later)).not.toBe(windowAt(window, now));
      const [start, middle, end] = [0, 0.25, 0.5].map((part) => windowAt(window, now + part * lengths[every]));
      expect(start === end && start !== middle).toBe(false);
    }),
    { seed: 12, numRuns: 500 },
  );
});

test('shortly after a window begins, the one before still counts', () => {
  const window: Window = { every: 'day', timezone: 'UTC' };
  const midnight = Date.UTC(2026, 10, 20);
  expect(windowWithinGrace(window, midnight)).toBe('2026-11-19');
  expect(windowWithinGrace(window, midnight + GRACE_MS - 1)).toBe('2026-11-19');
  expect(windowWithinGrace(window, midnight + GRACE_MS)).toBeUndefined();
  expect(windowWithinGrace(window, midnight - 1)).toBeUndefined();
});
