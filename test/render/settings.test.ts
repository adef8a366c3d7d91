import { expect, test } from 'vitest';

import type { ProjectModel } from '../../src/model/project.ts';
import { renderProject } from '../../src/render/render.ts';
import { settingsView } from '../../src/render/views/settings.ts';
import { describeVariables } from '../../templates/kernel/config/variables.ts';
import { memory } from '../../templates/kernel/idempotency/memory.ts';
import { postgres } from '../../templates/kernel/idempotency/postgres.ts';
import { redis } from '../../templates/kernel/idempotency/redis.ts';
import { sqlite } from '../../templates/kernel/idempotency/sqlite.ts';
import { writesOn } from '../../templates/kernel/pipeline/write-path.ts';
import type { Tool } from '../../templates/kernel/tool.ts';
import { makeModel, readTool } from './model-fixture.ts';

const [upstream] = makeModel().upstreams;
const CLIENT = { tokenUrl: { env: 'TOKEN_URL' }, clientId: 'notes', clientSecret: { secret: 'SECRET' } } as const;
const overStdio = makeModel({
  server: { ...makeModel().server, transports: ['stdio'] },
  store: undefined,
  tools: [readTool()],
});

/** The variables that the kernel says it reads, in its help. */
function variablesOf(model: ProjectModel): readonly string[] {
  const server = {
    name: 'notes',
    version: '1.0.0',
    scopes: {},
    roles: {},
    retentionMs: 1,
    upstreams: [],
    tools: model.tools.map(({ mutability }): Tool => ({
      definition: {
        name: 'any',
        inputSchema: { type: 'object' },
        annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      },
      policy: { mutability, scopes: [], roles: [], sensitive: [] },
      errors: [],
      validators: () => Promise.reject(new Error('not called')),
    })),
  };
  const writes = model.store && writesOn({ memory, sqlite, postgres, redis }[model.store]);
  const lines = describeVariables(server, { stdio: true, http: model.server.transports.includes('http'), writes });
  return lines.flatMap((line) => line.match(/MCP_[A-Z_]+/g)?.slice(0, 1) ?? []);
}

test.each([
  ['reads and writes over stdio and HTTP', makeModel()],
  ['only reads, over stdio', overStdio],
  ['forgets', makeModel({ store: 'memory' })],
  ['keeps operations in PostgreSQL', makeModel({ store: 'postgres' })],
  ['keeps operations in Redis', makeModel({ store: 'redis' })],
])(
  '.env.example of a project that %s names the variables that the kernel reads, and its upstreams',
  async (_, model) => {
    const file = (await renderProject(model)).find(({ path }) => path === '.env.example');
    const named = [...(file?.contents ?? '').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual([...variablesOf(model), 'NOTES_URL', 'NOTES_TOKEN'].toSorted());
  },
);

test.each([
  [{ type: 'none' }, []],
  [{ type: 'bearer', token: { secret: 'TOKEN' } }, ['TOKEN']],
  [{ type: 'api-key', header: 'X-Key', key: { secret: 'KEY' } }, ['KEY']],
  [{ type: 'basic', username: { env: 'USER_NAME' }, password: { secret: 'PASSWORD' } }, ['USER_NAME', 'PASSWORD']],
  [{ type: 'basic', username: 'fixed', password: { secret: 'PASSWORD' } }, ['PASSWORD']],
  [{ type: 'oauth-client-credentials', ...CLIENT }, ['TOKEN_URL', 'SECRET']],
  [{ type: 'oauth-token-exchange', ...CLIENT, actorToken: { secret: 'ACTOR' } }, ['TOKEN_URL', 'SECRET', 'ACTOR']],
] as const)('the credential %j needs %j', (credential, names) => {
  const upstreams =
    upstream === undefined ? [] : [{ ...upstream, baseUrl: { value: 'https://notes.example' }, credential }];
  const group = settingsView(makeModel({ upstreams })).groups.find(({ title }) => title === 'The upstream notes');
  expect(group?.variables.map(({ name }) => name) ?? []).toEqual(names);
});

test.each([
  ['everything', { issuer: { env: 'ISSUER' }, audience: { env: 'AUDIENCE' } }, ['ISSUER', 'AUDIENCE']],
  ['nothing', { issuer: { value: 'https://a.example' }, audience: { value: 'https://b.example' } }, []],
])('who signs in needs what the manifest leaves to the environment: %s', (_, parties, names) => {
  const auth = {
    ...parties,
    claims: { roles: 'roles' },
    introspection: { url: { value: 'https://a.example' }, clientId: { env: 'ID' }, clientSecret: { secret: 'SECRET' } },
  };
  const groups = settingsView(makeModel({ auth })).groups.flatMap(({ variables }) => variables);
  const needed = groups.filter(({ optional }) => !optional).map(({ name }) => name);
  expect(needed).toEqual(expect.arrayContaining([...names, 'ID', 'SECRET']));
  const { auth: without, ...model } = makeModel({ auth });
  expect(without).toEqual(auth);
  const fewer = settingsView({ ...model, auth: undefined }).groups.flatMap(({ variables }) => variables);
  expect(groups.length - fewer.length).toBe(names.length + 2);
});

test('a scope that would start a comment is quoted', () => {
  const { groups, readScopes } = settingsView(makeModel({ tools: [readTool({ scopes: ['a#b', 'c'] })] }));
  expect(readScopes).toBe('a#b c');
  const scopes = groups.flatMap(({ variables }) => variables).find(({ name }) => name === 'MCP_SCOPES');
  expect(scopes?.value).toBe('"a#b c"');
});
