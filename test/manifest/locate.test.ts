import { expect, test } from 'vitest';

import { locate, type Part } from '../../src/manifest/locate.ts';
import { parseSource } from '../../src/manifest/source.ts';

const yaml = `server:
  name: shop
  "a/b": [one, two]
tools:
  - &tool
    name: get_item
    note: >-
      two
      lines
  - *tool
empty:
`;

/** The text that a pointer is placed at, up to the end of its line. */
function textAt(text: string, pointer: string, part?: Part, file = 'm.yaml'): string {
  const { source } = parseSource(text, file);
  const span = locate(source, pointer, part);
  const line = source.text.split('\n')[span.line - 1] ?? '';
  expect(span.endLine).toBe(span.line);
  return line.slice(span.column - 1, span.endColumn - 1);
}

test('a value on one line is where it stands, a longer one at its key', () => {
  expect(textAt(yaml, '/server/name')).toBe('shop');
  expect(textAt(yaml, '/server/a~1b/1')).toBe('two');
  expect(textAt(yaml, '/server/a~1b')).toBe('"a/b"');
  expect(textAt(yaml, '/server')).toBe('server');
  expect(textAt(yaml, '/empty')).toBe('empty');
  expect(textAt(yaml, '/tools/0')).toBe('name: get_item');
  expect(textAt(yaml, '/tools/0/note')).toBe('>-');
});

test('the key or the value can be asked for', () => {
  expect(textAt(yaml, '/server/name', 'key')).toBe('name');
  expect(textAt(yaml, '/server/a~1b', 'value')).toBe('[one, two]');
});

test('behind an alias lies what the alias stands for', () => {
  expect(textAt(yaml, '/tools/1/name')).toBe('get_item');
  expect(textAt(yaml, '/tools/1')).toBe('*tool');
});

test('what is not there is placed at the nearest thing around it', () => {
  expect(textAt(yaml, '/server/version')).toBe('server');
  expect(textAt(yaml, '/tools/0/scopes/3', 'key')).toBe('name: get_item');
  expect(textAt(yaml, '/nothing')).toBe('server:');
});

test('JSON is placed the same way', () => {
  const json = '{ "server": { "name": "shop" },\n  "tools": [{ "name": "a" }] }';

  expect(textAt(json, '/server/name', undefined, 'm.json')).toBe('"shop"');
  expect(textAt(json, '/tools/0/name', 'key', 'm.json')).toBe('"name"');
});
