import { stripVTControlCharacters } from 'node:util';

import { expect, test } from 'vitest';

import { createDiagnostic } from '../../src/diagnostics/diagnostic.ts';
import { formatDiagnostics, formatForGithub, toJson } from '../../src/diagnostics/format.ts';

const text = 'version: 1\ntools:\n  - name: a\n    mutabilty: read-only\n    scopes: []\n';
const span = { file: 'hardened-mcp.yaml', line: 4, column: 5, endLine: 4, endColumn: 14 };
const diagnostic = createDiagnostic(
  'unknown-key',
  { key: 'mutabilty', known: ['name', 'mutability'], suggestion: 'mutability' },
  { span, pointer: '/tools/0/mutabilty' },
);

test('as text: what, where with the line underlined, why, and what to do', () => {
  expect(formatDiagnostics([diagnostic], { sources: [{ file: 'hardened-mcp.yaml', text }] })).toBe(
    `error[unknown-key] There is no key "mutabilty" here. Did you mean "mutability"?
  at hardened-mcp.yaml:4:5
3 |   - name: a
4 |     mutabilty: read-only
  |     ^^^^^^^^^
5 |     scopes: []
  why: A misspelt guard would silently guard nothing.
  fix: Remove it, or use one of name or mutability.`,
  );
});

test('without its source, or without a place, a diagnostic still says all it knows', () => {
  const [, place, ...rest] = formatDiagnostics([diagnostic]).split('\n');
  expect(place).toBe('  at hardened-mcp.yaml:4:5');
  expect(rest).toHaveLength(2);
  expect(formatDiagnostics([createDiagnostic('manifest-empty', {})])).toMatch(
    /^error\[manifest-empty\] .*\n {2}why: .*\n {2}fix: /,
  );
});

test('colour is only there when it is asked for, and changes nothing else', () => {
  const sources = [{ file: 'hardened-mcp.yaml', text }];
  const colored = formatDiagnostics([diagnostic], { sources, color: true });

  expect(colored).toContain('\u001b[31m');
  expect(stripVTControlCharacters(colored)).toBe(formatDiagnostics([diagnostic], { sources }));
});

test('a very long line is cut around the place', () => {
  const long = `${'x'.repeat(500)}HERE${'y'.repeat(500)}`;
  const place = { file: 'm.json', line: 1, column: 501, endLine: 1, endColumn: 505 };
  const lines = formatDiagnostics([createDiagnostic('manifest-empty', {}, { span: place })], {
    sources: [{ file: 'm.json', text: long }],
  }).split('\n');

  expect(lines[2]?.length).toBeLessThan(110);
  expect(lines[2]?.slice(lines[3]?.indexOf('^'), (lines[3]?.lastIndexOf('^') ?? 0) + 1)).toBe('HERE');
});

test('a source line cannot give orders to a terminal', () => {
  const shown = formatDiagnostics(
    [createDiagnostic('manifest-empty', {}, { span: { ...span, line: 1, endLine: 1 } })],
    {
      sources: [{ file: 'hardened-mcp.yaml', text: 'name: "\u001b[2J\u202e"' }],
    },
  );

  expect(shown).toContain('name: "�[2J�"');
});

test('no text of a manifest can give orders to a terminal through a message', () => {
  const hostile = createDiagnostic('key-optional', { expression: '$args#/\u001b[2J\u202e', use: 'key' });

  expect(formatDiagnostics([hostile])).toContain(String.raw`$args#/\u{1b}[2J\u{202e} is part of the key`);
});

test('as JSON: the data and its wording', () => {
  expect(toJson(diagnostic)).toEqual({
    code: 'unknown-key',
    severity: 'error',
    message: 'There is no key "mutabilty" here. Did you mean "mutability"?',
    why: 'A misspelt guard would silently guard nothing.',
    fix: 'Remove it, or use one of name or mutability.',
    ...span,
    pointer: '/tools/0/mutabilty',
    args: { key: 'mutabilty', known: ['name', 'mutability'], suggestion: 'mutability' },
  });
});

test('for GitHub: a workflow command that no text can break out of', () => {
  expect(formatForGithub([diagnostic])).toBe(
    '::error file=hardened-mcp.yaml,line=4,endLine=4,col=5,endColumn=13,title=unknown-key::There is no key "mutabilty" here. Did you mean "mutability"?%0ARemove it, or use one of name or mutability.',
  );
  const hostile = createDiagnostic('file-edited', { path: 'a' }, { span: { ...span, file: 'a,b:c%\n::error::x' } });
  expect(formatForGithub([hostile])).toContain('file=a%2Cb%3Ac%25%0A%3A%3Aerror%3A%3Ax,line=4');
  expect(formatForGithub([hostile]).split('\n')).toHaveLength(1);
});
