import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Much of a test's time is spent waiting for processes and databases, so that two cores serve two at a time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // What is waited for comes soon, but not on a machine that is busy.
    expect: { poll: { timeout: 20_000 } },
  },
});
