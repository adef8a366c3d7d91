import { defineConfig } from 'vitest/config';

/** What mutants of the store and the keys are judged by. */
export default defineConfig({
  test: {
    include: [
      'test/kernel/idempotency/{transitions-*,cap-windows,key,memory-store,migration,occurrence,operation-row,restored,sqlite-store}.test.ts',
      'test/kernel/pipeline/identify-effect.test.ts',
    ],
    testTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
