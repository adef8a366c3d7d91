import { defineConfig } from 'vitest/config';

/** What mutants of the pipeline are judged by. */
export default defineConfig({
  test: {
    include: [
      'test/kernel/{pipeline,edge-cases}/**/*.test.ts',
      'test/kernel/approvals/{answer-about,approver,caller,once}.test.ts',
      'test/kernel/operations/through-the-pipeline.test.ts',
    ],
    testTimeout: 30_000,
    // Every mutant runs many short files: most of the time would go into starting workers for them.
    isolate: false,
    expect: { poll: { timeout: 20_000 } },
  },
});
