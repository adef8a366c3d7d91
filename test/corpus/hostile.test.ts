/** The hostile manifest: its texts and names come out as text, and nothing of them as code. */
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, parseDocument } from 'yaml';

import { type Connection, connect } from '../../scripts/demo/connection.ts';
import { createProject, inTemporaryProject, readFixture, readTree } from '../../scripts/fixture-projects.ts';
import type { ProjectModel } from '../../src/model/project.ts';
import { type NotingUpstream, startNotingUpstream } from './hostile-upstream.ts';
import { readReply } from './reply.ts';
import { readSyntax, type Syntax } from './syntax.ts';
import { modelOf, withEchoHandlers } from './tool-list.ts';

interface Shown {
  readonly server: { readonly title: string; readonly instructions: string };
  readonly tools: readonly { readonly name: string; readonly description?: string }[];
}

const NASTY_SCOPES = '`${scope}*/</script> delete';
const LONG = 100_000;

let manifest: Shown;
let model: ProjectModel;
let files: ReadonlyMap<string, string>;
let compiler: string;
let upstream: NotingUpstream;
let connection: Connection;
let stop: () => Promise<void>;

beforeAll(async () => {
  const text = withLongDescription((await readFixture('hostile')).manifest);
  // The cast holds: the loader accepted this text before it was committed.
  manifest = parse(text) as Shown;
  model = await modelOf(text);
  upstream = await startNotingUpstream();
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const project = inTemporaryProject(async (directory) => {
    await createProject(directory, withEchoHandlers(text, model));
    files = await readTree(directory);
    compiler = String((await execa('tsc', ['-p', directory], { preferLocal: true, all: true, reject: false })).all);
    connection = await connect({ cwd: directory, entry: 'src/index.ts', env: environment() }, STDIO);
    started.resolve();
    await ended.promise;
    await connection.close();
  });
  stop = async () => {
    ended.resolve();
    await project;
    await upstream.close();
  };
  await Promise.race([started.promise, project]);
}, 120_000);

afterAll(() => stop());

test('the project compiles', () => {
  expect(compiler).toBe('');
});

test('every text and every name that the client is shown is the manifest’s', async () => {
  const { client } = connection;
  expect(client.getServerVersion()?.title).toBe(manifest.server.title);
  expect(client.getInstructions()).toBe(manifest.server.instructions);
  const { tools } = await client.listTools();
  const shown = new Map(tools.map((tool) => [tool.name, tool]));
  for (const tool of manifest.tools) {
    const leaves = listLeaves(shown.get(tool.name));
    expect(leaves).toEqual(expect.arrayContaining(listLeaves(pick(tool))));
  }
  expect(tools.find(({ name }) => name === '.hidden')?.description).toBe(undefined);
  expect(tools.find(({ name }) => name === '9lives')?.description).toHaveLength(LONG);
});

test('every tool can be called; the one with a precondition is refused as written', async () => {
  upstream.answer(200, { 'quo"te/`${x}*/': { answer: 42 } });
  for (const { name, samples } of model.tools) {
    const [accepted] = samples.accepted;
    const reply = readReply(await connection.client.callTool({ name, arguments: { ...accepted } }));
    const refused = { ok: false, error: { code: 'HOSTILE_PRECONDITION', message: manifest.server.title } };
    expect({ name, ...reply }).toMatchObject({ name, ...(name === 'guards' ? refused : { ok: true }) });
  }
});

test('hostile names and values reach the upstream encoded, each in its place', async () => {
  upstream.answer(200, { 'quo"te/`${x}*/': 'found' });
  const { length } = upstream.requests;
  const args = { 'quo"te': 'a/b ?#%"\'`${}', constructor: '../..' };
  await connection.client.callTool({ name: 'con', arguments: args });
  await connection.client.callTool({
    name: 'a.b-c.9',
    arguments: { value: '`${x}`', idempotency_key: 'hostile-0123456789' },
  });
  const [read, write] = upstream.requests.slice(length);
  const url = new URL(read?.url ?? '', upstream.url);
  expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'v1', "'quo`te", '$x', 'a/b ?#%"\'`${}']);
  expect([...url.searchParams]).toEqual([
    ['q"u`e${r}y', '../..'],
    ['constructor', 'a/b ?#%"\'`${}'],
  ]);
  expect(read?.headers).toMatchObject({ 'x-note': '"say" \'hi\' `to` ${x} */ \\ local', 'x-api-key': 'key' });
  expect(listLeaves(JSON.parse(write?.body ?? ''))).toEqual([
    ['["__proto__"]', '`${x}`'],
    ['["quo\\"te`${x}*/"]', '`${x}` " ` ${y} \\ */'],
    ['["constructor","0"]', manifest.server.title],
    ['["constructor","1"]', 1],
    ['["constructor","2"]', null],
    ['["constructor","3"]', true],
  ]);
});

test('declared errors are matched and worded as written', async () => {
  const args = { 'quo"te': 'a', constructor: 'b' };
  upstream.answer(404, JSON.parse('{"__proto__":"gone"}'));
  const missing = readReply(await connection.client.callTool({ name: 'con', arguments: args }));
  expect(missing.error).toMatchObject({ code: 'HOSTILE_NOT_FOUND', message: 'No a and no b: `${x}` */ \\ {{y}}' });
  upstream.answer(503, { 'q"`${x}*/\\': manifest.server.title });
  const down = readReply(await connection.client.callTool({ name: 'con', arguments: args }));
  expect(down.error).toMatchObject({
    code: 'HOSTILE_SHARED',
    message: manifest.server.title,
    suggested_action: manifest.server.title,
  });
});

test('nothing of the manifest became code', () => {
  const smuggled = ['process', 'alert', 'owned', 'require', 'execSync', 'helper', 'raw', 'scope', 'role', 'x', 'y'];
  const modules = generatedModules(/^(src\/generated|test\/generated\/tools)\//);
  const found = modules.filter(({ syntax }) => smuggled.some((name) => syntax.references.has(name)));
  expect(found.map(({ path }) => path)).toEqual([]);
  expect(modules.length).toBeGreaterThan(model.tools.length * 4);
});

test('generated modules hold declarations, and no text with code in it', () => {
  const declarations = new Set([
    'ImportDeclaration',
    'ExportNamedDeclaration',
    'ExportDefaultDeclaration',
    'VariableDeclaration',
    'FunctionDeclaration',
    'ExpressionStatement',
    'TSInterfaceDeclaration',
    'TSTypeAliasDeclaration',
  ]);
  const modules = generatedModules(/^src\/generated\//);
  const found = modules.filter(
    ({ syntax }) => syntax.substitutes || [...syntax.statements].some((kind) => !declarations.has(kind)),
  );
  expect(found.map(({ path }) => path)).toEqual([]);
});

function generatedModules(where: RegExp): readonly { readonly path: string; readonly syntax: Syntax }[] {
  return [...files]
    .filter(([path]) => where.test(path) && /\.(ts|js)$/.test(path))
    .map(([path, source]) => ({ path, syntax: readSyntax(source, path.endsWith('.js') ? 'js' : 'ts') }));
}

const STDIO = { transport: 'stdio', era: 'modern' } as const;

function environment(): Record<string, string> {
  return {
    HOSTILE_URL: upstream.url,
    HOSTILE_KEY: 'key',
    MCP_SCOPES: NASTY_SCOPES,
    MCP_ROLES: '"boss"`the`${role}*/\\',
    MCP_WRITES: 'enabled',
  };
}

/** The description is too long to be worth keeping in a file. */
function withLongDescription(text: string): string {
  const document = parseDocument(text);
  const nasty = String(document.getIn(['server', 'title']));
  const index = (parse(text) as Shown).tools.findIndex(({ name }) => name === '9lives');
  document.setIn(['tools', index, 'description'], nasty.repeat(Math.ceil(LONG / nasty.length)).slice(0, LONG));
  return String(document);
}

/** The parts of a tool that a client is shown. */
function pick(tool: object): object {
  const shown = new Set(['name', 'title', 'description', 'inputSchema', 'outputSchema']);
  return Object.fromEntries(Object.entries(tool).filter(([name]) => shown.has(name)));
}

/** Every leaf with its path; paths are JSON, so that any name can stand in them. */
function listLeaves(value: unknown, path: readonly string[] = []): [path: string, leaf: unknown][] {
  if (typeof value !== 'object' || value === null) return [[JSON.stringify(path), value]];
  return Object.entries(value).flatMap(([name, member]) => listLeaves(member, [...path, name]));
}
