import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';

import { expect, test } from 'vitest';

import type { CredentialModel, ProjectModel } from '../../src/model/project.ts';
import { renderProject, type RenderedFile } from '../../src/render/render.ts';
import { DEVELOPMENT_VERSIONS, GENERATOR_VERSION, RUNTIME_VERSIONS } from '../../src/render/versions.ts';
import { guardedTool, makeModel, readTool, writeTool } from './model-fixture.ts';

const { server } = makeModel();
const asking = writeTool({
  approval: { when: undefined, by: 'caller', scope: undefined, expiresMs: 900_000, summary: ['Add a note'] },
});
const overStdio = makeModel({ server: { ...server, transports: ['stdio'] }, store: undefined, tools: [readTool()] });
const models: readonly (readonly [string, ProjectModel])[] = [
  ['a project that reads and writes over stdio and HTTP', makeModel()],
  ['a project that only reads, over stdio', overStdio],
  [
    'a project over HTTP alone, with operations in memory',
    makeModel({ server: { ...server, transports: ['http'] }, store: 'memory' }),
  ],
  ['a project with no upstream', makeModel({ upstreams: [], tools: [writeTool()] })],
  ['a project that asks its callers, with no upstream', makeModel({ upstreams: [], tools: [asking] })],
];

/** The files that a file imports, by their paths in the project. */
function importsOf({ path, contents }: RenderedFile): readonly string[] {
  const specifiers = contents.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g);
  return [...specifiers].map(([, specifier = '']) => posix.join(posix.dirname(path), specifier));
}

test.each(models)('%s holds every file that it imports', async (_, model) => {
  const files = await renderProject(model);
  const paths = new Set(files.map(({ path }) => path));
  const missing = files.flatMap((file) => importsOf(file).filter((path) => !paths.has(path)));
  expect(missing).toEqual([]);
});

test.each(models)('%s holds no kernel file that nothing imports', async (_, model) => {
  const files = await renderProject(model);
  const imported = new Set(files.flatMap(importsOf));
  const extra = files.filter(({ path, owner }) => owner === 'kernel' && !imported.has(path));
  expect(extra.map(({ path }) => path)).toEqual([]);
});

test.each(models)('%s is the same bytes every time, sorted by path', async (_, model) => {
  const [once, again] = [await renderProject(model), await renderProject(model)];
  expect(again).toEqual(once);
  const paths = once.map(({ path }) => path);
  expect(paths).toEqual(paths.toSorted((a, b) => (a < b ? -1 : 1)));
});

test('the kernel is copied byte for byte', async () => {
  const kernel = (await renderProject(makeModel())).filter(({ owner }) => owner === 'kernel');
  expect(kernel.length).toBeGreaterThan(20);
  for (const { path, contents } of kernel) {
    const source = new URL(path.replace('src/kernel/', '../../templates/kernel/'), import.meta.url);
    expect(contents).toBe(await readFile(source, 'utf8'));
  }
});

test('HTTP and its package come only with the transport http', async () => {
  const files = await renderProject(overStdio);
  expect(files.filter(({ path }) => path.includes('http'))).toEqual([]);
  const packageJson = files.find(({ path }) => path === 'package.json')?.contents ?? '';
  expect(JSON.parse(packageJson).dependencies).not.toHaveProperty('@modelcontextprotocol/node');
});

test('what makes writes safe, and its package, come only with a tool that writes', async () => {
  const files = await renderProject(overStdio);
  const ofWrites = /idempotency|occurrence|operation-status|record-outcome|claim-operation|write-path|sqlite/;
  const kernel = files.filter(({ owner }) => owner === 'kernel');
  expect(kernel.filter(({ path }) => ofWrites.test(path)).map(({ path }) => path)).toEqual([]);
  const packageJson = files.find(({ path }) => path === 'package.json')?.contents ?? '';
  expect(Object.keys(JSON.parse(packageJson).dependencies)).toEqual(['@modelcontextprotocol/server', 'ipaddr.js']);
});

test('what calls upstreams comes only with an upstream', async () => {
  const files = await renderProject(makeModel({ upstreams: [], tools: [writeTool()] }));
  expect(files.filter(({ path }) => /upstream/.test(path)).map(({ path }) => path)).toEqual([]);
});

test('what obtains credentials, and its package, comes only with an upstream that has such', async () => {
  const render = async (credential: CredentialModel) => {
    const [upstream] = makeModel().upstreams;
    const files = await renderProject(makeModel({ upstreams: upstream ? [{ ...upstream, credential }] : [] }));
    const packageJson = files.find(({ path }) => path === 'package.json')?.contents ?? '';
    return {
      obtains: files
        .map(({ path }) => path)
        .filter((path) => /client-credentials|token-|provider|src.credentials/.test(path)),
      needsPackage: Object.hasOwn(JSON.parse(packageJson).dependencies, 'oauth4webapi'),
    };
  };
  const kernel = (...names: string[]) => names.map((name) => `src/kernel/upstream/credentials/${name}.ts`);
  const client = { tokenUrl: 'https://login.example/token', clientId: 'notes', clientSecret: { secret: 'S' } };
  const none = { audience: undefined, resource: undefined, scopes: undefined };
  expect(await render({ type: 'none' })).toEqual({ obtains: [], needsPackage: false });
  expect(await render({ type: 'oauth-client-credentials', ...client, ...none })).toEqual({
    obtains: kernel('client-credentials', 'token-cache', 'token-endpoint', 'token-settings'),
    needsPackage: true,
  });
  expect(await render({ type: 'oauth-token-exchange', ...client, ...none, actorToken: undefined })).toEqual({
    obtains: kernel('token-cache', 'token-endpoint', 'token-exchange', 'token-settings'),
    needsPackage: true,
  });
  expect(await render({ type: 'provider' })).toEqual({
    obtains: ['src/credentials/notes.ts', ...kernel('provider', 'token-cache')],
    needsPackage: false,
  });
});

test('what asks callers comes only with a tool that does, and then the server is started with it', async () => {
  const ofAsking = /ask-caller|elicitation|request-state/;
  const render = async (tool: ReturnType<typeof writeTool>) => {
    const files = await renderProject(makeModel({ tools: [tool] }));
    const server = files.find(({ path }) => path === 'src/generated/server.ts')?.contents ?? '';
    const variables = files.find(({ path }) => path === '.env.example')?.contents ?? '';
    return {
      kernel: files.filter(({ path }) => ofAsking.test(path)).length,
      isStarted: server.includes('callerApproval'),
      isNamed: variables.includes('MCP_REQUEST_STATE_SECRET'),
    };
  };
  expect(await render(asking)).toEqual({ kernel: 4, isStarted: true, isNamed: true });
  for (const other of [writeTool(), guardedTool()]) {
    expect(await render(other)).toEqual({ kernel: 0, isStarted: false, isNamed: false });
  }
});

test('a new package.json names the generator as it was asked to', async () => {
  const files = await renderProject(makeModel(), { generator: 'file:/checkout' });
  const packageJson = files.find(({ path }) => path === 'package.json')?.contents ?? '';
  expect(JSON.parse(packageJson).devDependencies['create-hardened-mcp']).toBe('file:/checkout');
});

test('two tools whose files differ in case alone are refused', async () => {
  const tools = ['note', 'Note'].map((file) => readTool({ names: { file, identifier: 'note', type: 'Note' } }));
  await expect(renderProject(makeModel({ tools }))).rejects.toThrow('Two files');
});

test('generated projects get the versions that this repository is tested with', async () => {
  const own = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(GENERATOR_VERSION).toBe(own.version);
  const { dependencies, devDependencies } = own;
  expect({ ...dependencies, ...devDependencies }).toMatchObject({ ...RUNTIME_VERSIONS, ...DEVELOPMENT_VERSIONS });
});
