import { defineConfig } from 'vitest/config';

/** What mutants of the pipeline are judged by. */
export default defineConfig({
  test: {
    include: ['test/kernel/{pipeline,edge-cases}/**/*.test.ts'],
    testTimeout: 30_000,
    expect: { poll: { timeout: 20_000 } },
  },
});
