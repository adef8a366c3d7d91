import { expect, test } from 'vitest';

import { annotation } from '../../src/diagnostics/github.ts';

test('an annotation names its level, its place and its text', () => {
  expect(annotation('warning', { file: 'a.yaml', line: 3 }, 'Odd.')).toBe('::warning file=a.yaml,line=3::Odd.');
});

test('nothing in a text or a property starts another line, property or command', () => {
  const hostile = '100%\r\n::error file=x,line=1::';
  expect(annotation('error', { file: hostile }, hostile)).toBe(
    '::error file=100%25%0D%0A%3A%3Aerror file=x%2Cline=1%3A%3A::100%25%0D%0A::error file=x,line=1::',
  );
});
