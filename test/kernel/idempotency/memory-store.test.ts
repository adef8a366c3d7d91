import { expect, test } from 'vitest';

import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { RETENTION_MS, testStore } from './conformance.ts';
import { claimOf } from './samples.ts';

testStore(async () => {
  let now = 1_000_000;
  const store = openMemoryStore({ retentionMs: RETENTION_MS, now: () => now });
  return {
    store,
    another: async () => store,
    async passTime(ms) {
      now += ms;
    },
    dispose: () => store.close(),
  };
});

test('a question is removed from the moment on at which it is over', async () => {
  let now = 1_000_000;
  const store = openMemoryStore({ retentionMs: RETENTION_MS, now: () => now });
  const approval = { by: 'approver', scope: null, summary: '', expiresMs: 500, consent: null } as const;
  await store.begin(claimOf({ approval }));
  const reap = () => store.reap({ idPrefix: '', finishedMs: 1, failedMs: 1, limit: 9 });
  now += 499;
  expect(await reap()).toBe(0);
  now += 1;
  expect(await reap()).toBe(1);
});
