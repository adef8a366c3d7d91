import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { CATALOG, DIAGNOSTIC_CODES } from '../../src/diagnostics/catalog.ts';
import { ACCESS } from '../../src/diagnostics/catalog/access.ts';
import { EXPRESSIONS } from '../../src/diagnostics/catalog/expressions.ts';
import { NAMES } from '../../src/diagnostics/catalog/names.ts';
import { PROJECT } from '../../src/diagnostics/catalog/project.ts';
import { RECOVERY } from '../../src/diagnostics/catalog/recovery.ts';
import { SCHEMAS } from '../../src/diagnostics/catalog/schemas.ts';
import { SHAPE } from '../../src/diagnostics/catalog/shape.ts';
import { TEXT } from '../../src/diagnostics/catalog/text.ts';
import { UPSTREAMS } from '../../src/diagnostics/catalog/upstreams.ts';
import { list, quote } from '../../src/diagnostics/catalog/words.ts';
import { WRITES } from '../../src/diagnostics/catalog/writes.ts';

test('every code is in one part of the catalogue only', () => {
  const parts = [TEXT, SHAPE, NAMES, ACCESS, WRITES, RECOVERY, EXPRESSIONS, UPSTREAMS, SCHEMAS, PROJECT];

  expect(parts.flatMap((part) => Object.keys(part))).toEqual(DIAGNOSTIC_CODES);
});

test('docs/diagnostics.md has a section for every code', () => {
  const page = readFileSync(new URL('../../docs/diagnostics.md', import.meta.url), 'utf8');
  const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, code]) => code);

  expect(sections).toEqual(DIAGNOSTIC_CODES);
});

test.each(DIAGNOSTIC_CODES)('%s is in kebab-case, and says why in a sentence', (code) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(CATALOG[code].why).toMatch(/^[A-Z].*\.$/);
  expect(CATALOG[code].example).not.toBe('');
});

test('names in a row read as a sentence, however many there are', () => {
  expect(list([])).toBe('');
  expect(list(['a'])).toBe('a');
  expect(list(['a', 'b', 'c'], 'and')).toBe('a, b and c');
  expect(list(Array.from({ length: 40 }, (_, index) => `n${index}`))).toMatch(/, n11 or 28 more$/);
});

test('a quoted text cannot give orders to a terminal, nor fill it', () => {
  expect(quote('a\u001b[31m\u202e\u009b"\n')).toBe(String.raw`"a\u001b[31m\u{202e}\u{9b}\"\n"`);
  expect(quote('x'.repeat(1_000))).toHaveLength(80);
});
