/** When the windows end at whose ends generated tests call. */
import { expect, test } from 'vitest';

import type { IdempotencyModel } from '../../src/model/guards.ts';
import { windowEnd } from '../../src/render/views/tool-test-window.ts';
import { windowAt } from '../../templates/kernel/idempotency/occurrence.ts';

const derived = (occurrence: object | undefined) =>
  ({ strategy: 'derived-key', key: [], occurrence, recovery: 'quarantine' }) as unknown as IdempotencyModel;

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'];

test.each(
  ZONES.flatMap((timezone) => (['hour', 'day', 'week', 'month'] as const).map((every) => ({ every, timezone }))),
)('with $every in $timezone, one does', (window) => {
  const end = Date.parse(windowEnd({ idempotency: derived(window) }) ?? '');
  expect(windowAt(window, end)).not.toBe(windowAt(window, end - 1));
  expect(windowAt(window, end)).toBe(windowAt(window, end + 1_800_000));
});

test.each([
  undefined,
  { strategy: 'natural', recovery: 'send-again' } as const,
  derived(undefined),
  derived({ argument: {} }),
])('of %j there is none', (idempotency) => {
  expect(windowEnd({ idempotency })).toBeUndefined();
});
