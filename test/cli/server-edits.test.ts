import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { editServer } from '../../src/commands/create/server-edits.ts';

const YAML = `# A manifest with a comment
version: 1
server:
    name: billing   # the name
    version: "1.0.0"
    transports:
      - stdio
      - http
tools: []
`;

test('a new name replaces the old one and nothing else', () => {
  expect(editServer(YAML, { name: 'refunds' })).toBe(YAML.replace('billing', 'refunds'));
});

test('a name that YAML would read as something else is quoted', () => {
  expect(parse(editServer(YAML, { name: 'true' })).server.name).toBe('true');
});

test('transports written as a block become a list, with the rest as it was', () => {
  expect(editServer(YAML, { transports: ['http'] })).toBe(YAML.replace('- stdio\n      - http', '[http]'));
});

test('transports that were unsaid are put under the name, indented alike', () => {
  const without = 'version: 1\nserver:\n  name: billing # the name\n  version: 1.0.0\n';
  expect(editServer(without, { transports: ['stdio', 'http'] })).toBe(
    'version: 1\nserver:\n  name: billing # the name\n  transports: [stdio, http]\n  version: 1.0.0\n',
  );
});

test('a name and transports change together', () => {
  expect(parse(editServer(YAML, { name: 'crm', transports: ['stdio'] })).server).toEqual({
    name: 'crm',
    version: '1.0.0',
    transports: ['stdio'],
  });
});

test.for([
  '{"version":1,"server":{"name":"billing","version":"1.0.0"},"tools":[]}',
  JSON.stringify({ version: 1, server: { name: 'billing', transports: ['stdio'], version: '1.0.0' } }, undefined, 2),
])('JSON stays JSON', (json) => {
  const edited: unknown = JSON.parse(editServer(json, { name: 'crm', transports: ['stdio', 'http'] }));
  expect(edited).toMatchObject({ server: { name: 'crm', version: '1.0.0', transports: ['stdio', 'http'] } });
});

test('without edits the text stays as it is', () => {
  expect(editServer(YAML, {})).toBe(YAML);
});
