import { expect, test } from 'vitest';

import { unifiedDiff } from '../../src/output/diff.ts';

test('a diff has the headers and hunks that patch tools read', () => {
  expect(unifiedDiff('src/a.ts', 'one\ntwo\n', 'one\n2\n')).toBe(
    ['--- a/src/a.ts', '+++ b/src/a.ts', '@@ -1,2 +1,2 @@', ' one', '-two', '+2', ''].join('\n'),
  );
});

test('a file that does not exist on one side is /dev/null', () => {
  expect(unifiedDiff('a.ts', undefined, 'new\n')).toContain('--- /dev/null\n+++ b/a.ts\n');
  expect(unifiedDiff('a.ts', 'old\n', undefined)).toContain('--- a/a.ts\n+++ /dev/null\n');
});

test('texts that are too different are said to be so', () => {
  const lines = (prefix: string): string => Array.from({ length: 5_000 }, (_, index) => `${prefix}${index}\n`).join('');
  expect(unifiedDiff('a.js', lines('a'), lines('b'))).toContain('too different');
});
