/** What the model says of a write's guards, from a manifest that asks for them. */
import { expect, test } from 'vitest';

import { parseManifest } from '../../src/manifest/load.ts';
import { buildProject } from '../../src/model/build.ts';
import { buildIdempotency } from '../../src/model/idempotency.ts';
import type { ToolModel } from '../../src/model/project.ts';
import { describeRecovery, recoveryInWords } from '../../src/model/recovery.ts';

/** Its upstreams take credentials of the server's own. */
const ANYWHERE = { upstreams: [] };

const LOOKUP = {
  request: { upstream: 'notes', method: 'GET', path: '/notes', query: { key: '$operation.key' } },
  found: { type: 'object', required: ['id'] },
  result: '$response.body#/id',
  settle: '10s',
};
const REQUEST = { upstream: 'notes', method: 'POST', path: '/notes', body: { text: '$args#/text' } };

async function buildServer(tool: object, server: object = {}) {
  const text = JSON.stringify({
    version: 1,
    server: { name: 'notes', version: '1.0.0' },
    scopes: { 'notes:write': 'Write notes' },
    upstreams: { notes: { baseUrl: { env: 'NOTES_URL' }, allowedHosts: ['notes.example'] } },
    ...server,
    tools: [
      {
        name: 'add_note',
        mutability: 'additive',
        scopes: ['notes:write'],
        inputSchema: { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } },
        ...tool,
      },
    ],
  });
  const { manifest, diagnostics } = parseManifest(text, 'hardened-mcp.json');
  if (manifest === undefined) throw new Error(JSON.stringify(diagnostics));
  const { model } = await buildProject(manifest, { manifestFile: 'hardened-mcp.json' });
  if (model === undefined) throw new Error('no model');
  return model;
}

async function buildTool(tool: object): Promise<ToolModel> {
  const { tools } = await buildServer(tool);
  const [built] = tools;
  if (built === undefined) throw new Error('no tool');
  return built;
}

const derived = (members: object) => ({ strategy: 'derived-key', key: ['$args#/text'], ...members });
const KEY = { header: 'Idempotency-Key', retention: '24h' };

test.each([
  ['quarantine', {}, 'until a person has looked'],
  ['quarantine', { recovery: 'quarantine' }, 'until a person has looked'],
  ['resume', { recovery: 'resume' }, 'after the last step that it finished'],
  ['resend', { upstreamKey: KEY }, 'remembers for 24h and has one effect for; later, the operation is kept'],
  ['resend', { upstreamKey: KEY, lookup: LOOKUP }, 'later, the outcome is read back'],
  ['look-up', { lookup: LOOKUP }, 'has had 10s to apply it'],
])('the recovery is %s where the manifest says %j, and is told in plain words', async (recovery, members, words) => {
  const tool = await buildTool({ idempotency: derived(members) });
  expect(tool.idempotency?.recovery).toBe(recovery);
  expect(describeRecovery(tool, ANYWHERE)).toContain(words);
});

test.each([
  [undefined, 'is asked again'],
  [{ strategy: 'natural' }, 'the same call sets it again'],
  [derived({}), 'waits for a person'],
  [derived({ upstreamKey: KEY }), 'is sent again under the same key; later, waits for a person'],
  [derived({ upstreamKey: KEY, lookup: LOOKUP }), 'is sent again under the same key; later, is read back'],
  [derived({ lookup: LOOKUP }), 'is read back'],
  [derived({ recovery: 'resume' }), 'goes on after its last finished step; a step cut off waits for a person'],
])('in a table of tools, %j is a few words', async (idempotency, words) => {
  const tool = await buildTool({ idempotency, ...(idempotency === undefined && { mutability: 'read-only' }) });
  expect(recoveryInWords(tool)).toBe(words);
});

test('what is sent again is told as what it is: a request, or a handler', async () => {
  const idempotency = derived({ upstreamKey: KEY });
  expect(describeRecovery(await buildTool({ idempotency, request: REQUEST }), ANYWHERE)).toMatch(
    /^The same request is sent/,
  );
  expect(describeRecovery(await buildTool({ idempotency }), ANYWHERE)).toMatch(/^The handler is run again/);
});

test('what is kept is recovered by the server itself, and what is not waits for the same call', async () => {
  const idempotency = derived({ upstreamKey: KEY });
  const inputSchema = {
    type: 'object',
    required: ['text'],
    properties: { text: { type: 'string', minLength: 1, 'x-sensitive': true } },
  };
  expect(describeRecovery(await buildTool({ idempotency }), ANYWHERE)).toMatch(
    /The server does so by itself while writes are enabled; where .* 64,000 characters, that waits for the same call\.$/,
  );
  expect(describeRecovery(await buildTool({ idempotency, inputSchema }), ANYWHERE)).toMatch(/waits for the same call/);
});

test('what is sent in the name of its caller waits for them', async () => {
  const auth = { type: 'oauth', issuer: 'https://login.example', audience: 'https://mcp.example' };
  const login = { tokenUrl: 'https://login.example/token', clientId: 'x', clientSecret: { secret: 'S' } };
  const others = { baseUrl: { env: 'OTHERS_URL' }, allowedHosts: ['others.example'] };
  const notes = { ...others, credential: { type: 'oauth-token-exchange', ...login } };
  const server = {
    auth,
    server: { name: 'notes', version: '1.0.0', transports: ['http'] },
    upstreams: { notes, others },
  };
  const elsewhere = { ...LOOKUP, request: { ...LOOKUP.request, upstream: 'others' } };
  for (const [tool, who] of [
    [{ idempotency: derived({ upstreamKey: KEY }), request: REQUEST }, "in the caller's name."],
    [
      { idempotency: derived({ upstreamKey: KEY }), request: { ...REQUEST, upstream: 'others' } },
      'by itself while writes are enabled; where the arguments take more than 64,000 characters, that waits for the same call.',
    ],
    [{ idempotency: derived({ upstreamKey: KEY }) }, "in the caller's name."],
    [{ idempotency: derived({ lookup: LOOKUP }), request: REQUEST }, "in the caller's name."],
    [
      { idempotency: derived({ lookup: elsewhere }), request: REQUEST },
      'by itself while writes are enabled; where the arguments take more than 64,000 characters, that waits for the same call.',
    ],
  ] as const) {
    const model = await buildServer(tool, server);
    const [built] = model.tools;
    expect(built && describeRecovery(built, model)).toMatch(new RegExp(`${who}$`));
  }
});

test('a caller who names the operation gets the same ways out', async () => {
  const tool = await buildTool({ idempotency: { strategy: 'caller-key', upstreamKey: KEY } });
  expect(tool.idempotency).toMatchObject({ strategy: 'caller-key', recovery: 'resend' });
});

test('setting a value is sent again, whatever else', async () => {
  const tool = await buildTool({ idempotency: { strategy: 'natural' } });
  expect(tool.idempotency).toEqual({ strategy: 'natural', recovery: 'send-again' });
});

test("the request carries the operation's key in the upstream's header, beside its own", async () => {
  const request = { ...REQUEST, headers: { 'X-Source': 'mcp' } };
  const tool = await buildTool({ request, idempotency: derived({ upstreamKey: KEY }) });
  expect(tool.request?.headers).toEqual({ 'X-Source': ['mcp'], 'Idempotency-Key': [{ from: 'operation.key' }] });
  expect(tool.idempotency).toMatchObject({
    upstreamKey: { place: 'header', name: 'Idempotency-Key', retentionMs: 86_400_000 },
  });
});

test("the request carries the operation's key as a member of its body", async () => {
  const upstreamKey = { body: 'request_id', retention: '1h' };
  const tool = await buildTool({ request: REQUEST, idempotency: derived({ upstreamKey }) });
  expect(tool.request?.body).toEqual({
    kind: 'object',
    members: [
      ['text', { kind: 'expression', expression: { from: 'args', pointer: '/text' } }],
      ['request_id', { kind: 'expression', expression: { from: 'operation.key' } }],
    ],
  });
  expect(tool.idempotency).toMatchObject({ upstreamKey: { place: 'body', name: 'request_id' } });
});

test("a look-up may ask by the operation's key, and its condition is compiled under its name", async () => {
  const tool = await buildTool({ idempotency: derived({ strategy: 'read-before-write', lookup: LOOKUP }) });
  expect(tool.idempotency).toMatchObject({
    strategy: 'read-before-write',
    recovery: 'look-up',
    lookup: {
      found: 'found',
      settleMs: 10_000,
      request: { query: { key: { expression: { from: 'operation.key' } } }, result: { pointer: '/id' } },
    },
  });
  expect(tool.validatorsSource).toContain('found: (');
});

test.each([
  [{ required: ['id'] }, null, false],
  [{ required: ['id'] }, [], false],
  [{ required: ['id'] }, { id: 1 }, true],
  [{ properties: { id: { const: 1 } } }, null, false],
  [{ type: ['array', 'null'], required: ['id'] }, null, true],
  [true, null, true],
])('%j shows an effect in %j: %j', (found, body, shows) => {
  const lookup = {
    ...LOOKUP,
    found,
    settle: 1,
    request: { ...LOOKUP.request, method: 'GET', contentType: 'json' },
  } as const;
  const { conditions } = buildIdempotency({ strategy: 'caller-key', lookup });
  expect(conditions.map(([name, { validate }]) => [name, validate(body)])).toEqual([['found', shows]]);
});

test('an approval has its condition, its time and its text; its default is always, for a quarter of an hour', async () => {
  const idempotency = derived({});
  const when = { required: ['text'] };
  const asked = await buildTool({ idempotency, approval: { by: 'caller', when, summary: 'Add {$args#/text}' } });
  expect(asked.approval).toEqual({
    when: 'approval',
    by: 'caller',
    scope: undefined,
    expiresMs: 900_000,
    summary: ['Add ', { from: 'args', pointer: '/text' }],
  });
  expect(asked.validatorsSource).toContain('approval: (');
  const always = await buildTool({ idempotency, approval: { by: 'caller', summary: 'Add' } });
  expect(always.approval?.when).toBeUndefined();
  expect((await buildTool({ idempotency, approval: 'none' })).approval).toBeUndefined();
});

test('conditions of preconditions are numbered over all of them', async () => {
  const request = { upstream: 'notes', method: 'GET', path: '/state' };
  const value = '$response.body#/state';
  const refusal = { code: 'CLOSED', message: 'Closed for {$args#/text}.' };
  const tool = await buildTool({
    idempotency: derived({}),
    preconditions: [
      {
        request,
        require: [
          { value, schema: { const: 'open' } },
          { value, equals: { a: '$args#/text' } },
        ],
        ...refusal,
      },
      { request, require: [{ value, schema: { type: 'string' } }], ...refusal },
    ],
  });
  const required = tool.preconditions.map(({ require }) =>
    require.map((one) => ('matches' in one ? one.matches : one.equals.kind)),
  );
  expect(required).toEqual([['precondition1', 'object'], ['precondition2']]);
  expect(tool.validatorsSource).toContain('precondition2: (');
});

test('caps count by principal unless told otherwise, and are absent where they bound nothing', async () => {
  const idempotency = derived({});
  expect((await buildTool({ idempotency, limits: { perDay: 5 } })).caps).toMatchObject({ perDay: 5, per: 'principal' });
  expect((await buildTool({ idempotency, limits: { perRun: 5, per: 'server' } })).caps).toMatchObject({
    per: 'server',
  });
  expect((await buildTool({ idempotency, limits: { per: 'server' } })).caps).toBeUndefined();
});

test('limits over all tools and the scope of operators are the server’s', async () => {
  const limits = { requestsPerMinute: 60, writes: { perHour: 3 } };
  const model = await buildServer({ idempotency: derived({}) }, { limits, operations: { scope: 'notes:write' } });
  expect(model.limits).toMatchObject({ requestsPerMinute: 60, writes: { perHour: 3, per: 'principal' } });
  expect(model.operationsScope).toBe('notes:write');
  const plain = await buildServer({ idempotency: derived({}) });
  expect(plain.limits).toEqual({ requestsPerMinute: undefined, writes: undefined });
  expect(plain.operationsScope).toBeUndefined();
});
