import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';

import { nameTool } from '../../src/model/names.ts';
import type { JsonObject } from '../../src/model/project.ts';
import { declareTypes } from '../../src/model/schema-types.ts';

/** What the strict compiler says about the types of a tool, and about code that uses them; empty where it is content. */
async function compile(
  schemas: { readonly input: JsonObject; readonly output?: JsonObject },
  use = '',
): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'types-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const types = await declareTypes(nameTool('transfer'), { output: undefined, ...schemas });
  expect(types).not.toMatch(/: any;?$/m);
  writeFileSync(
    join(directory, 'types.ts'),
    types.replaceAll(/import\('..\/..\/kernel\/[a-z]+\.ts'\)\.\w+/g, 'unknown') + use,
  );
  const flags = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--target',
    'es2024',
    '--types',
    '',
  ];
  const { stdout } = await execa('tsc', [...flags, join(directory, 'types.ts')], { preferLocal: true, reject: false });
  return stdout;
}

test('definitions of the same name in arguments and result are different types', async () => {
  const address = (type: string): JsonObject => ({ type: 'object', properties: { street: { type } } });
  const schema = (type: string): JsonObject => ({
    type: 'object',
    properties: { address: { $ref: '#/$defs/Address' } },
    $defs: { Address: address(type) },
  });
  const use = `
    export const args: TransferArguments = { address: { street: 'Main St' } };
    export const result: TransferResult = { address: { street: 1 } };`;
  expect(await compile({ input: schema('string'), output: schema('integer') }, use)).toBe('');
});

test('recursive schemas, draft-07 definitions and names of every kind compile', async () => {
  const input: JsonObject = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: {
      node: { $ref: '#/definitions/a~1b c' },
      hasOwnProperty: { type: 'string' },
      constructor: { type: 'string' },
      'auth-method': { enum: ["it's", '`', '*/', '${x}'] },
      text: { description: 'ends */ here\nand `there` ${x} \u2028', type: 'string', title: 'TransferResult' },
    },
    definitions: {
      'a/b c': { type: 'object', properties: { next: { $ref: '#/definitions/a~1b%20c' }, any: {} } },
    },
  };
  const use = `export const args: TransferArguments = { hasOwnProperty: 'yes', constructor: 'Ada', 'auth-method': '*/', node: { next: {} } };`;
  expect(await compile({ input }, use)).toBe('');
});

test('a bounded list is a list, not one tuple for each length', async () => {
  const input = {
    type: 'object',
    properties: { tags: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 9 } },
  };
  expect(await declareTypes(nameTool('transfer'), { input, output: undefined })).toContain('tags?: string[]');
});

test('what a reference leads to outside of the definitions has a name of its own, too', async () => {
  const schema = (type: string): JsonObject => ({
    type: 'object',
    properties: { from: { type: 'object', properties: { id: { type } } }, to: { $ref: '#/properties/from' } },
  });
  const use = `
    export const args: TransferArguments = { to: { id: 'a' } };
    export const result: TransferResult = { to: { id: 1 } };`;
  expect(await compile({ input: schema('string'), output: schema('integer') }, use)).toBe('');
});

test('a schema cannot write code, nor allow null by a keyword that JSON Schema does not have', async () => {
  const input = {
    type: 'object',
    properties: {
      code: { type: 'string', tsType: 'ReturnType<typeof eval>', tsEnumNames: ['x'] },
      no: { type: 'string', nullable: true },
    },
  };
  const types = await declareTypes(nameTool('transfer'), { input, output: undefined });
  expect(types).not.toMatch(/eval|null/);
});

test('conditions on members that are declared leave the type as it is', async () => {
  const input = {
    type: 'object',
    properties: { id: { type: 'string' }, email: { type: 'string' } },
    additionalProperties: false,
    anyOf: [{ required: ['id'] }, { required: ['email'] }],
  };
  const types = await declareTypes(nameTool('transfer'), { input, output: undefined });
  expect(types).toContain('export interface TransferArguments {\nid?: string\nemail?: string\n}');
});

test('a list with items by position takes any of them at any place', async () => {
  const pair = { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false };
  const types = await declareTypes(nameTool('transfer'), {
    input: { type: 'object', properties: { pair } },
    output: undefined,
  });
  expect(types).toContain('pair?: (string | number)[]');
});
