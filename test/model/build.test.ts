import { expect, test } from 'vitest';

import { parseManifest } from '../../src/manifest/load.ts';
import { buildProject } from '../../src/model/build.ts';
import { describeRecovery } from '../../src/model/recovery.ts';

/** A manifest with one declared tool, changed as the test says. */
function manifestWith(tool: object): string {
  return JSON.stringify({
    version: 1,
    server: { name: 'notes', version: '1.0.0' },
    scopes: { 'notes:write': 'Write notes' },
    upstreams: { notes: { baseUrl: { env: 'NOTES_URL' }, allowedHosts: ['notes.example'] } },
    tools: [
      {
        name: 'add_note',
        mutability: 'additive',
        scopes: ['notes:write'],
        inputSchema: {
          type: 'object',
          required: ['text'],
          properties: { text: { type: 'string', minLength: 1 }, secret: { type: 'string', 'x-sensitive': true } },
        },
        request: { upstream: 'notes', method: 'POST', path: '/notes', body: { text: '$args#/text' } },
        idempotency: { strategy: 'derived-key', key: ['$args#/text'] },
        ...tool,
      },
    ],
  });
}

async function build(tool: object) {
  const { manifest, diagnostics } = parseManifest(manifestWith(tool), 'hardened-mcp.json');
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  return buildProject(manifest, { manifestFile: 'hardened-mcp.json' });
}

const refused = (body: object, code: string): object => ({
  when: { status: 422, body },
  code,
  category: 'invalid_input',
  message: 'No.',
});
const anyCode = { type: 'object', required: ['code'], properties: { code: { type: 'string' } } };
const detailed = { type: 'object', required: ['code', 'detail'], properties: { code: {}, detail: { type: 'string' } } };

test('the body sampled for an error means that error, and no earlier one', async () => {
  const { model } = await build({ errors: [refused(detailed, 'DETAILED'), refused(anyCode, 'PLAIN')] });
  const [first, second] = model?.tools[0]?.errors ?? [];
  expect(first?.when?.sampleBody).toHaveProperty('detail');
  expect(second?.when?.sampleBody).not.toHaveProperty('detail');
});

test('an error that an earlier one always hides is named', async () => {
  const { model, diagnostics } = await build({ errors: [refused(anyCode, 'PLAIN'), refused(detailed, 'DETAILED')] });
  expect(model).toBeUndefined();
  expect(diagnostics).toMatchObject([
    { code: 'sample-not-found', args: { tool: 'add_note', where: expect.stringContaining('DETAILED') } },
  ]);
});

test('arguments of which no sample can be made are an error, not a tool without tests', async () => {
  const impossible = {
    type: 'object',
    required: ['text'],
    properties: { text: { type: 'string', pattern: '^(?!x)x$' } },
  };
  const { diagnostics } = await build({
    inputSchema: impossible,
    request: { upstream: 'notes', method: 'POST', path: '/notes' },
    idempotency: { strategy: 'natural' },
  });
  expect(diagnostics).toMatchObject([{ code: 'sample-not-found', pointer: '/tools/0/inputSchema' }]);
});

test.each([
  [
    'additive',
    'derived-key',
    { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  ],
  ['destructive', 'natural', { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true }],
  [
    'additive',
    'caller-key',
    { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  ],
])(
  'the hints of a tool that is %s by %s come from the manifest, not from copied ones',
  async (mutability, strategy, hints) => {
    const key = strategy === 'derived-key' ? { key: ['$args#/text'] } : {};
    const { model } = await build({
      mutability,
      idempotency: { strategy, ...key },
      annotations: { readOnlyHint: true },
    });
    expect(model?.tools[0]?.annotations).toEqual(hints);
  },
);

test('a tool that takes its key from the caller shows the argument for it', async () => {
  const { model } = await build({ idempotency: { strategy: 'caller-key' } });
  expect(model?.tools[0]?.inputSchema['properties']).toHaveProperty('idempotency_key.minLength', 16);
});

test('sensitive arguments are found, and recovery is told in a sentence', async () => {
  const { model } = await build({});
  const [tool] = model?.tools ?? [];
  if (tool === undefined) throw new Error('no tool');
  expect(tool.sensitive).toEqual(['/secret']);
  expect(describeRecovery(tool, { upstreams: [] })).toContain('never run again by itself');
});
