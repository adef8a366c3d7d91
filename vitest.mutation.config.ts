import { defineConfig } from 'vitest/config';

/** What mutants of the write path are judged by: everything that runs it in this process. */
export default defineConfig({
  test: {
    include: ['test/kernel/{idempotency,pipeline,edge-cases}/**/*.test.ts', 'test/proof/keys.test.ts'],
    exclude: ['test/kernel/idempotency/{postgres,redis,processes}*.test.ts'],
    testTimeout: 30_000,
  },
});
