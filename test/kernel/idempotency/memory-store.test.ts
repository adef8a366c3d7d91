import { expect, test, vi } from 'vitest';

import { openMemoryStore } from '../../../templates/kernel/idempotency/memory-store.ts';
import { RETENTION_MS, testStore } from './conformance.ts';

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

test('production is refused', () => {
  vi.stubEnv('NODE_ENV', 'production');
  expect(() => openMemoryStore({ retentionMs: 1 })).toThrow(/sqlite/);
  vi.unstubAllEnvs();
});
