import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // What is waited for comes soon, but not on a machine that is busy.
    expect: { poll: { timeout: 20_000 } },
  },
});
