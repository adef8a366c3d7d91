import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { SCHEMA_DEFAULTS } from '../../src/manifest/schema.ts';
import { hardenInput } from '../../src/model/hardening/harden-schema.ts';
import type { JsonObject } from '../../src/model/project.ts';
import { compileSchema, validatorsModule } from '../../src/model/validators.ts';

interface Loaded {
  readonly input: { (value: unknown): boolean; readonly errors: readonly { keyword: string; instancePath: string }[] };
  readonly output: (value: unknown) => boolean;
}

/** Loads a module of validators as a project would. */
async function load(source: string): Promise<Loaded> {
  const directory = mkdtempSync(join(tmpdir(), 'validators-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'validators.mjs');
  const kernel = fileURLToPath(new URL('../../templates/kernel/', import.meta.url));
  writeFileSync(file, source.replaceAll('../../kernel/', kernel));
  return (await import(pathToFileURL(file).href)) as Loaded;
}

function moduleOf(input: JsonObject, output?: JsonObject): string {
  return validatorsModule({
    input: compileSchema(input, 'input'),
    output: output === undefined ? undefined : compileSchema(output, 'output'),
    conditions: [],
  });
}

const SCHEMA: JsonObject = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', maxLength: 3 },
    at: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'object' }, uniqueItems: true },
    limit: { type: 'integer', default: 20 },
  },
  additionalProperties: false,
};

test('a project compiles nothing and needs no Ajv', () => {
  const source = moduleOf(SCHEMA, SCHEMA);
  expect(source).not.toMatch(/\brequire\(|new Function|\beval\(/);
  expect(source).toMatch(
    /^import \{ deepEqual, formats, ucs2length \} from '..\/..\/kernel\/json-schema\/runtime.ts';/,
  );
});

test('a module imports only what its validators call', () => {
  expect(
    moduleOf({ type: 'object', properties: { a: { const: 'const x = formats;\nconst y = ucs2length;' } } }),
  ).not.toMatch(/^import/);
});

test('arguments get their defaults, results lose what their schema does not name', async () => {
  const { input, output } = await load(moduleOf(SCHEMA, SCHEMA));
  const args = { id: 'abc' };
  expect(input(args)).toBe(true);
  expect(args).toEqual({ id: 'abc', limit: 20 });
  expect(input({ id: 'abc', extra: 1 })).toBe(false);
  const result = { id: 'abc', extra: 1 };
  expect(output(result)).toBe(true);
  expect(result).toEqual({ id: 'abc' });
});

test('an alternative that does not fit leaves the value as it was', async () => {
  const first = { type: 'object', required: ['a'], properties: { a: { $ref: '#/$defs/text' } } };
  const second = { type: 'object', required: ['b'], properties: { b: { $ref: '#/$defs/text' } } };
  const schema: JsonObject = {
    type: 'object',
    properties: { either: { anyOf: [{ $ref: '#/$defs/first' }, { $ref: '#/$defs/second' }] } },
    $defs: {
      text: { type: 'string', maxLength: 3 },
      first: { ...first, properties: { ...first.properties, c: { default: 1 }, more: { $ref: '#/$defs/first' } } },
      second: { ...second, additionalProperties: false },
    },
  };
  const closed = { ...(schema['$defs'] as JsonObject), first: { ...first, additionalProperties: false } };
  const { input, output } = await load(moduleOf(schema, { ...schema, $defs: closed }));
  const value = { either: { b: 'x' } };
  expect(input(value)).toBe(true);
  expect(output(value)).toBe(true);
  expect(value).toEqual({ either: { b: 'x' } });
});

test('all violations are reported at once', async () => {
  const { input } = await load(moduleOf(SCHEMA));
  expect(input({ id: 'abcd', at: 'noon', tags: [{ a: 1 }, { a: 1 }], limit: 1.5 })).toBe(false);
  expect(input.errors.map(({ instancePath, keyword }) => `${instancePath} ${keyword}`).sort()).toEqual([
    '/at format',
    '/id maxLength',
    '/limit type',
    '/tags uniqueItems',
  ]);
});

test('names of the prototype count only where they are own members', async () => {
  const schema = JSON.parse(
    '{"type":"object","required":["constructor","__proto__"],"properties":{"constructor":{"type":"string"},"__proto__":{"type":"string"}},"additionalProperties":false}',
  ) as JsonObject;
  const { input } = await load(moduleOf(schema));
  expect(input({})).toBe(false);
  expect(input(JSON.parse('{"constructor":"a","__proto__":"b"}'))).toBe(true);
  expect(input(JSON.parse('{"constructor":"a","__proto__":1}'))).toBe(false);
});

test('the same schema gives the same code, whatever was compiled before', () => {
  const first = moduleOf(SCHEMA);
  compileSchema({ $id: 'https://example.com/same', type: 'string', format: 'uri' }, 'input');
  compileSchema({ $id: 'https://example.com/same', type: 'number' }, 'input');
  expect(moduleOf(SCHEMA)).toBe(first);
});

test('keywords that only Ajv knows change nothing', async () => {
  const schema = {
    $async: true,
    id: 'invoice',
    type: 'object',
    properties: { a: { type: 'string', nullable: true }, b: { enum: ['x'], nullable: true } },
  };
  const { input } = await load(moduleOf(schema));
  expect(input({ a: 'x', b: 'x' })).toBe(true);
  expect(input({ a: null })).toBe(false);
  expect(input({ b: null })).toBe(false);
});

test.each<[string, JsonObject]>([
  ['an anchor', { properties: { a: { $ref: '#text' } }, $defs: { text: { $anchor: 'text', type: 'string' } } }],
  [
    'a dynamic anchor',
    { properties: { a: { $dynamicRef: '#text' } }, $defs: { text: { $dynamicAnchor: 'text', type: 'string' } } },
  ],
  [
    "an anchor of draft-07's",
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { a: { $ref: '#text' } },
      definitions: { text: { $id: '#text', type: 'string' } },
    },
  ],
  [
    'a schema with an id of its own',
    {
      properties: { a: { $ref: '#/$defs/inner' } },
      $defs: {
        inner: { $id: 'https://example.com/inner', $ref: '#/$defs/text', $defs: { text: { type: 'string' } } },
        text: { type: 'integer' },
      },
    },
  ],
])('a reference to %s leads where it says', async (_what, schema) => {
  const { input } = await load(moduleOf(hardenInput({ type: 'object', ...schema }, SCHEMA_DEFAULTS)));
  expect(input({ a: 'x' })).toBe(true);
  expect(input({ a: 1 })).toBe(false);
});
