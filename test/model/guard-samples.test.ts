/** Samples for the tests of guards: every one was run through the validators that it is for. */
import { expect, test } from 'vitest';

import { parseManifest } from '../../src/manifest/load.ts';
import { buildProject } from '../../src/model/build.ts';

const PROPERTIES = {
  id: { type: 'string', minLength: 1, examples: ['a1'] },
  amount: { type: 'integer', minimum: 1, maximum: 100_000, examples: [5] },
};
const OUTPUT = {
  type: 'object',
  required: ['id', 'state'],
  properties: { id: { type: 'string' }, state: { enum: ['open', 'closed'] } },
};

async function build(tool: object) {
  const text = JSON.stringify({
    version: 1,
    server: { name: 'shop', version: '1.0.0' },
    scopes: { 'items:write': 'Write items' },
    upstreams: { shop: { baseUrl: { env: 'SHOP_URL' }, allowedHosts: ['shop.example'] } },
    tools: [
      {
        name: 'change_item',
        mutability: 'additive',
        scopes: ['items:write'],
        inputSchema: { type: 'object', required: ['id', 'amount'], properties: PROPERTIES },
        idempotency: { strategy: 'derived-key', key: ['$args#/id'] },
        ...tool,
      },
    ],
  });
  const { manifest, diagnostics } = parseManifest(text, 'hardened-mcp.json');
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  return buildProject(manifest, { manifestFile: 'hardened-mcp.json' });
}

const samplesOf = async (tool: object) => (await build(tool)).model?.tools[0]?.samples;
const asked = (when: object) => ({ approval: { by: 'caller', summary: 'Change it', when } });
const lookup = (found: object, result?: string) => ({
  idempotency: {
    strategy: 'derived-key',
    key: ['$args#/id'],
    lookup: {
      request: { upstream: 'shop', method: 'GET', path: '/items' },
      found,
      settle: '1s',
      ...(result === undefined ? {} : { result }),
    },
  },
});

test('arguments that need an approval are made where the first sample needs none', async () => {
  const samples = await samplesOf(asked({ properties: { amount: { minimum: 50_000 } } }));
  expect(samples?.accepted[0]).toMatchObject({ amount: 5 });
  expect(samples?.needingApproval?.['amount']).toBeGreaterThanOrEqual(50_000);
});

test('without a condition the first sample needs an approval, and without approval none does', async () => {
  expect((await samplesOf({ approval: { by: 'caller', summary: 'x' } }))?.needingApproval).toEqual({
    id: 'a1',
    amount: 5,
  });
  expect((await samplesOf({}))?.needingApproval).toBeUndefined();
});

test('a condition that no arguments can meet is named: nobody would ever be asked', async () => {
  const { model, diagnostics } = await build(asked({ required: ['amount'], properties: { amount: { minimum: 1e9 } } }));
  expect(model).toBeUndefined();
  expect(diagnostics).toMatchObject([{ code: 'sample-not-found', pointer: '/tools/0/approval/when' }]);
});

test('arguments of another key differ in the key alone', async () => {
  const other = (await samplesOf({}))?.otherKeyArguments;
  expect(other?.['id']).not.toBe('a1');
  expect(other?.['amount']).toBe(5);
});

test('where setting a value is what is meant, any other arguments are another effect', async () => {
  const other = (await samplesOf({ idempotency: { strategy: 'natural' } }))?.otherKeyArguments;
  expect(other).not.toEqual({ id: 'a1', amount: 5 });
});

test('a key that no argument is part of has no other', async () => {
  const idempotency = { strategy: 'derived-key', key: ['$principal.subject'] };
  expect((await samplesOf({ idempotency }))?.otherKeyArguments).toBeUndefined();
});

test('what a look-up finds holds the result where the manifest says', async () => {
  const list = { type: 'object', required: ['data'], properties: { data: { type: 'array', minItems: 1 } } };
  const samples = await samplesOf({ outputSchema: OUTPUT, ...lookup(list, '$response.body#/data/0') });
  expect(samples?.found?.result).toEqual(samples?.result);
  expect(samples?.found?.body).toEqual({ data: [samples?.result] });
});

test('what a look-up finds may have to be another result than the first that fits', async () => {
  const closed = { type: 'object', required: ['state'], properties: { state: { const: 'closed' } } };
  const samples = await samplesOf({ outputSchema: OUTPUT, ...lookup(closed) });
  expect(samples?.found?.result).toMatchObject({ state: 'closed' });
  expect(samples?.found?.body).toMatchObject({ state: 'closed' });
});

test('a result that is not in the body has no sample', async () => {
  expect((await samplesOf(lookup({ type: 'object' }, '$response.status')))?.found).toBeUndefined();
});

test('a precondition that no answer can meet is named', async () => {
  const request = { upstream: 'shop', method: 'GET', path: '/items' };
  const { diagnostics } = await build({
    preconditions: [
      { request, require: [{ value: '$response.body#/a', schema: { not: {} } }], code: 'CLOSED', message: 'Closed.' },
    ],
  });
  expect(diagnostics).toMatchObject([{ code: 'sample-not-found', pointer: '/tools/0/preconditions/0' }]);
});
