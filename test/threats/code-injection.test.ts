/** Text of a manifest, however it is made, stays text in what is generated: nothing of it is parsed, let alone run. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';

import { createProject, readTree, REPOSITORY } from '../../scripts/fixture-projects.ts';
import { type Syntax, readSyntax } from '../corpus/syntax.ts';
import { servedEnvironment } from '../kernel/transport/process.ts';

/** Each would end the process, or leave a name behind, if any of it became code. */
const PAYLOADS = [
  `'; process.exit(66); '`,
  `"; process.exit(66); "`,
  '`; process.exit(66); `',
  '${process.exit(66)}',
  '*/ process.exit(66); /*',
  '\nprocess.exit(66);\n',
  '\u2028process.exit(66);\u2029',
  '</script><script>process.exit(66)</script>',
  '{{process.exit(66)}} {{{owned}}} {{#if owned}}',
  `\\'; process.exit(66); //`,
  '__proto__',
  'constructor',
  'import.meta.owned',
  'class',
];
const LONG = `'; process.exit(66); ${'x'.repeat(1_000_000)}`;

const scope = 'read`${process.exit(66)}*/';

const tools = PAYLOADS.map((text, index) => ({
  name: `tool-${index}`,
  title: text,
  description: text,
  mutability: 'read-only',
  scopes: [scope],
  inputSchema: {
    type: 'object',
    title: text,
    properties: Object.fromEntries([
      [text, { type: 'string', description: text, enum: [text], examples: [text] }],
      ['other', { type: 'string', default: text }],
    ]),
  },
  request: {
    upstream: 'api',
    method: 'GET',
    path: '/things',
    headers: { 'X-Note': text.replaceAll(/[^ -z|~]|[$]/g, '') },
  },
  errors: [
    { when: { status: 404 }, code: `NOT_FOUND_${index}`, category: 'not_found', message: text.replaceAll(/[{}]/g, '') },
  ],
}));

const MANIFEST = {
  version: 1,
  server: { name: 'injected', version: '1.0.0', title: PAYLOADS[0], instructions: PAYLOADS.join(' ') },
  scopes: { [scope]: PAYLOADS[4] },
  upstreams: {
    api: { baseUrl: { env: 'API_URL' }, allowedHosts: ['127.0.0.1'], credential: { type: 'none' } },
  },
  tools: [
    ...tools,
    {
      ...tools[0],
      name: 'long',
      description: LONG,
      inputSchema: { type: 'object', properties: { [LONG]: { type: 'string' } } },
    },
  ],
};

test('a project of hostile text has its names and texts as literals alone, starts, and shows them word for word', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'threats-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await symlink(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'));
  await createProject(directory, { manifest: JSON.stringify(MANIFEST), userFiles: {} });

  const generated = [...(await readTree(join(directory, 'src/generated')))].filter(([path]) => /\.(ts|js)$/.test(path));
  const syntaxes: readonly (readonly [string, Syntax])[] = generated.map(([path, source]) => [
    path,
    readSyntax(source, path.endsWith('.js') ? 'js' : 'ts'),
  ]);
  const smuggled = syntaxes.filter(
    ([, { references, substitutes }]) => substitutes || references.has('process') || references.has('owned'),
  );
  expect(smuggled.map(([path]) => path)).toEqual([]);
  const literals = new Set(syntaxes.flatMap(([, { strings }]) => strings));
  expect([...PAYLOADS, LONG, scope].filter((text) => !literals.has(text))).toEqual([]);

  const client = new Client({ name: 'test', version: '0' }, { versionNegotiation: { mode: 'auto' } });
  const env = servedEnvironment({ MCP_SCOPES: scope, API_URL: 'http://127.0.0.1:9' });
  const args = [join(directory, 'src/index.ts')];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, env, stderr: 'ignore' }));
  onTestFinished(() => client.close());
  expect(client.getInstructions()).toBe(MANIFEST.server.instructions);
  const shown = new Map((await client.listTools()).tools.map((tool) => [tool.name, tool]));
  expect(shown.get('long')?.description).toBe(LONG);
  for (const { name, title, description, inputSchema } of tools) {
    const tool = shown.get(name);
    expect({ title: tool?.title, description: tool?.description }).toEqual({ title, description });
    expect(Object.keys(tool?.inputSchema.properties ?? {})).toEqual(Object.keys(inputSchema.properties));
  }
}, 60_000);
