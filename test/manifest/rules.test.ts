import { expect, test } from 'vitest';

import { isReservedHeader } from '../../templates/kernel/upstream/headers.ts';
import { findingsAfter, type SmallManifest, toolOf } from './small-manifest.ts';

const READ = '/tools/0';
const WRITE = '/tools/1';

function setRequest(manifest: SmallManifest, request: object): void {
  toolOf(manifest, 0).request = { upstream: 'store', method: 'GET', path: '/items', ...request };
}

function setInput(manifest: SmallManifest, schema: object): void {
  delete toolOf(manifest, 0).request;
  toolOf(manifest, 0).inputSchema = { type: 'object', ...schema };
}

test('names that differ only in case and separators collide, others do not', () => {
  const named = (first: string, second: string) => (manifest: SmallManifest) => {
    toolOf(manifest, 0).name = first;
    toolOf(manifest, 1).name = second;
  };

  expect(findingsAfter(named('get-user', 'get_user'))).toEqual([`tool-name-collision ${WRITE}/name`]);
  expect(findingsAfter(named('getUser', 'GET.USER'))).toEqual([`tool-name-collision ${WRITE}/name`]);
  expect(findingsAfter(named('get_user', 'get_user'))).toEqual([`tool-name-duplicate ${WRITE}/name`]);
  expect(findingsAfter(named('get_user1', 'get_user2'))).toEqual([]);
});

test.each(['', 'x'.repeat(65), 'a b', 'é', 'a/b'])('%j is no tool name', (name) => {
  expect(findingsAfter((manifest) => Object.assign(toolOf(manifest, 0), { name }))).toEqual([
    `tool-name-invalid ${READ}/name`,
  ]);
});

test('scopes are declared wherever they are used', () => {
  expect(
    findingsAfter((manifest) => {
      Object.assign(manifest, { roles: { support: ['items:none'] } });
      manifest.scopes.all = { description: 'All', implies: ['items:read', 'items:nought'] };
      toolOf(manifest, 1).approval = { by: 'approver', scope: 'items:approve', summary: 'Change it' };
      delete toolOf(manifest, 1).because;
    }),
  ).toEqual([
    'undeclared-scope /scopes/all/implies/1',
    'undeclared-scope /tools/1/approval/scope',
    'undeclared-scope /roles/support/0',
  ]);
});

test('traces are told to upstreams that are declared', () => {
  const sendTraceTo = (...names: string[]) =>
    findingsAfter((manifest) =>
      Object.assign(manifest, { observability: { traces: 'opentelemetry', sendTraceTo: names } }),
    );
  expect(sendTraceTo('store')).toEqual([]);
  expect(sendTraceTo('store', 'stroe')).toEqual(['unknown-upstream /observability/sendTraceTo/1']);
});

test('a text that shows a sensitive argument is warned about, a request that sends it is not', () => {
  const secret = { type: 'string', minLength: 1, 'x-sensitive': true };
  const card = {
    type: 'object',
    required: ['number', 'kind'],
    properties: { number: secret, kind: { type: 'string' } },
  };
  const text = 'Card {$args#/card/number}, a {$args#/card/kind}: {$args#/card}';
  const shows = [
    `sensitive-shown ${WRITE}/approval/summary`,
    `sensitive-shown ${WRITE}/approval/summary`,
    `sensitive-shown ${WRITE}/preconditions/0/message`,
    `sensitive-shown ${WRITE}/preconditions/0/message`,
    `sensitive-shown ${WRITE}/errors/0/message`,
    `sensitive-shown ${WRITE}/errors/0/message`,
  ];
  const request = { upstream: 'store', method: 'GET', path: '/cards/{id}' };
  const require = [{ value: '$response.status', equals: 200 }];
  expect(
    findingsAfter((manifest) => {
      const { because: _, ...tool } = toolOf(manifest, 1);
      manifest.tools[1] = {
        ...tool,
        inputSchema: { type: 'object', required: ['id', 'card'], properties: { id: secret, card } },
        approval: { by: 'caller', summary: text },
        preconditions: [{ code: 'FIRST', request, require, message: text }],
        errors: [{ code: 'SECOND', category: 'failed_precondition', message: text }],
      };
    }),
  ).toEqual(shows);
});

test('a public tool without scopes is right', () => {
  expect(findingsAfter((manifest) => Object.assign(toolOf(manifest, 0), { scopes: [], public: true }))).toEqual([]);
});

test('a reversible write needs neither approval nor a way out', () => {
  expect(
    findingsAfter((manifest) => {
      const { approval: _approval, because: _because, ...tool } = toolOf(manifest, 1);
      manifest.tools[1] = { ...tool, mutability: 'additive', idempotency: { strategy: 'caller-key' } };
    }),
  ).toEqual([]);
});

test.each([
  { strategy: 'natural' },
  { strategy: 'derived-key', key: ['$args#/id'], recovery: 'quarantine' },
  { strategy: 'derived-key', key: ['$args#/id'], upstreamKey: { header: 'Idempotency-Key', retention: '24h' } },
  {
    strategy: 'derived-key',
    key: ['$args#/id'],
    lookup: { request: { upstream: 'store', method: 'GET', path: '/changes/{id}' }, found: true, settle: '1s' },
  },
])('%j is a way out of an unknown outcome', (idempotency) => {
  expect(findingsAfter((manifest) => Object.assign(toolOf(manifest, 1), { idempotency }))).toEqual([]);
});

test('natural and caller-key have no use for what derives a key', () => {
  expect(
    findingsAfter((manifest) => {
      toolOf(manifest, 1).idempotency = {
        strategy: 'natural',
        key: ['$args#/id'],
        occurrence: 'none',
        recovery: 'quarantine',
      };
    }),
  ).toEqual(['key', 'occurrence', 'recovery'].map((field) => `strategy-field-unused ${WRITE}/idempotency/${field}`));
});

test('a key is made of arguments and the principal, an occurrence of arguments only', () => {
  const withKey = (key: string, argument: string) => (manifest: SmallManifest) => {
    toolOf(manifest, 1).idempotency = {
      strategy: 'derived-key',
      key: [key],
      occurrence: { argument },
      recovery: 'quarantine',
    };
  };

  expect(findingsAfter(withKey('$principal.tenant', '$args#/id'))).toEqual([]);
  expect(findingsAfter(withKey('$response.status', '$principal.subject'))).toEqual([
    `expression-source ${WRITE}/idempotency/key/0`,
    `expression-source ${WRITE}/idempotency/occurrence/argument`,
  ]);
  expect(findingsAfter(withKey('$args#/id', '$args#/note'))).toEqual([
    `key-can-be-empty ${WRITE}/idempotency/occurrence/argument`,
  ]);
});

test.each([
  ['hour', '25h', []],
  ['day', '47h', ['retention-too-short /idempotency/retention']],
  ['day', '48h', []],
  ['week', '8d', []],
  ['month', '31d', ['retention-too-short /idempotency/retention']],
  ['month', '32d', []],
])('a window of a %s with a retention of %s gives %j', (every, retention, expected) => {
  expect(
    findingsAfter((manifest) => {
      manifest.idempotency.retention = retention;
      Object.assign(toolOf(manifest, 1).idempotency as object, { occurrence: { every } });
    }),
  ).toEqual(expected);
});

test('the default retention is checked too, at the window that it is too short for', () => {
  expect(
    findingsAfter((manifest) => {
      Reflect.deleteProperty(manifest, 'idempotency');
      Object.assign(toolOf(manifest, 1).idempotency as object, { occurrence: { every: 'week' } });
    }),
  ).toEqual([`retention-too-short ${WRITE}/idempotency/occurrence`]);
});

test.each(['UTC', 'Europe/Berlin', 'America/Argentina/Buenos_Aires'])('%s is a time zone', (timezone) => {
  expect(
    findingsAfter((manifest) =>
      Object.assign(toolOf(manifest, 1).idempotency as object, { occurrence: { every: 'day', timezone } }),
    ),
  ).toEqual([]);
});

test('an offset is no time zone', () => {
  expect(
    findingsAfter((manifest) =>
      Object.assign(toolOf(manifest, 1).idempotency as object, { occurrence: { every: 'day', timezone: '+02:00' } }),
    ),
  ).toEqual([`timezone-unknown ${WRITE}/idempotency/occurrence/timezone`]);
});

test('an expression may stand wherever its value exists, and nowhere else', () => {
  expect(
    findingsAfter((manifest) => setRequest(manifest, { headers: { 'X-User': 'by {$principal.subject}' } })),
  ).toEqual([]);
  expect(findingsAfter((manifest) => setRequest(manifest, { headers: { 'X-Key': '{$operation.key}' } }))).toEqual([
    `expression-source ${READ}/request/headers/X-Key`,
  ]);
  expect(
    findingsAfter((manifest) => setRequest(manifest, { query: { a: ['$args#/id', 'x {$response.status}'] } })),
  ).toEqual([`expression-source ${READ}/request/query/a/1`]);
});

test('errors of a declared tool may show the answer, those of a handler may not', () => {
  const withMessage = (index: number, when: object) => (manifest: SmallManifest) =>
    Object.assign(toolOf(manifest, index), {
      errors: [{ ...when, code: 'GONE', category: 'not_found', message: '{$args#/id}: {$response.body#/why}' }],
    });

  expect(findingsAfter(withMessage(0, { when: { status: 404 } }))).toEqual([]);
  expect(findingsAfter(withMessage(1, {}))).toEqual([`expression-source ${WRITE}/errors/0/message`]);
});

test("an upstream's errors are shared, so they cannot name a tool's arguments", () => {
  expect(
    findingsAfter((manifest) =>
      Object.assign(manifest.upstreams.store ?? {}, {
        errors: [
          {
            when: { status: 429 },
            code: 'BUSY',
            category: 'rate_limited',
            message: '{$args#/id}',
            retryAfter: '$response.header.retry-after',
          },
        ],
      }),
    ),
  ).toEqual(['expression-source /upstreams/store/errors/0/message']);
});

test('a misspelt argument is found in every place, also deep in a body', () => {
  expect(
    findingsAfter((manifest) =>
      setRequest(manifest, {
        method: 'POST',
        path: '/items/{idd}',
        body: { a: [{ b: '$args#/id/x' }], c: '$$args#/idd' },
      }),
    ),
  ).toEqual([`unknown-argument ${READ}/request/path`, `unknown-argument ${READ}/request/body/a/0/b`]);
});

test('an expression that is a whole header or text is looked at as any other', () => {
  expect(
    findingsAfter((manifest) => {
      Object.assign(toolOf(manifest, 0).request ?? {}, {
        headers: { 'X-Of': '$args#/idd', 'X-Was': '$response.status' },
      });
    }),
  ).toEqual([`unknown-argument ${READ}/request/headers/X-Of`, `expression-source ${READ}/request/headers/X-Was`]);
});

test('the tenant of a caller is a value only where tokens are asked for it', () => {
  const withAuth = (auth: object | undefined, transports = ['http']) =>
    findingsAfter((manifest) => {
      Object.assign(manifest, { auth });
      Object.assign(manifest.server, { transports });
      Object.assign(toolOf(manifest, 0).request ?? {}, { query: { of: '$principal.tenant' } });
    });
  const oauth = { type: 'oauth', issuer: 'https://login.example', audience: 'https://mcp.example' };
  const unknown = [`tenant-unknown ${READ}/request/query/of`];
  expect(withAuth(oauth)).toEqual(unknown);
  expect(withAuth(oauth, ['stdio', 'http'])).toEqual(unknown);
  expect(withAuth({ ...oauth, claims: { roles: 'roles' } })).toEqual(unknown);
  expect(withAuth({ ...oauth, claims: { tenant: 'org_id' } })).toEqual([]);
  expect(withAuth(oauth, ['stdio'])).toEqual([]);
  expect(withAuth({ type: 'none' }, ['stdio'])).toEqual([]);
});

test.each([
  'https://store.example',
  'https://store.example/v1',
  'http://127.0.0.1:8080',
  'http://localhost',
  'http://[::1]:1',
])('%s is a base URL', (baseUrl) => {
  const allowedHosts = ['store.example', '127.0.0.1', 'localhost', '[::1]:1'];
  expect(findingsAfter((manifest) => Object.assign(manifest.upstreams.store ?? {}, { baseUrl, allowedHosts }))).toEqual(
    [],
  );
});

test.each([
  'http://store.example',
  'ftp://store.example',
  'https://user@store.example',
  'https://store.example/?a=b',
  'https://store.example/#x',
])('%s is no base URL', (baseUrl) => {
  expect(findingsAfter((manifest) => Object.assign(manifest.upstreams.store ?? {}, { baseUrl }))).toEqual([
    'url-invalid /upstreams/store/baseUrl',
  ]);
});

test('a host is allowed by its name alone or with its port', () => {
  const withHosts = (allowedHosts: readonly string[]) => (manifest: SmallManifest) =>
    Object.assign(manifest.upstreams.store ?? {}, { baseUrl: 'https://store.example:8443', allowedHosts });

  expect(findingsAfter(withHosts(['store.example']))).toEqual([]);
  expect(findingsAfter(withHosts(['store.example:8443']))).toEqual([]);
  expect(findingsAfter(withHosts(['store.example:9443']))).toEqual(['host-not-allowed /upstreams/store/baseUrl']);
});

test.each(['/items/%2e%2E/x', '/items/.', '//items', '/items//x'])('the path %s is refused', (path) => {
  expect(findingsAfter((manifest) => setRequest(manifest, { path }))).toEqual([
    `path-dot-segment ${READ}/request/path`,
  ]);
});

test.each(['/', '/items/', '/items/{id}.json', '/items/{$args#/id}/..x'])('the path %s is accepted', (path) => {
  expect(findingsAfter((manifest) => setRequest(manifest, { path }))).toEqual([]);
});

test.each([
  'Authorization',
  'connection',
  'Content-Length',
  'content-type',
  'cookie',
  'Expect',
  'HOST',
  'te',
  'Transfer-Encoding',
  'upgrade',
  'X-Mine',
  'Accept',
])('the header %s is refused here exactly where the kernel refuses it', (header) => {
  const expected = isReservedHeader(header) ? [`header-reserved ${READ}/request/headers/${header}`] : [];
  expect(findingsAfter((manifest) => setRequest(manifest, { headers: { [header]: 'x' } }))).toEqual(expected);
});

test("the credential's own header is not a request's to set", () => {
  expect(
    findingsAfter((manifest) => {
      Object.assign(manifest.upstreams.store ?? {}, {
        credential: { type: 'api-key', key: { secret: 'KEY' }, header: 'X-Key' },
      });
      setRequest(manifest, { headers: { 'x-key': 'mine' } });
    }),
  ).toEqual([`header-reserved ${READ}/request/headers/x-key`]);
});

test('one code may stand for several answers, as long as it means one thing', () => {
  const error = { when: { status: 404 }, code: 'GONE', category: 'not_found', message: 'Gone.' };
  const withErrors =
    (...errors: readonly object[]) =>
    (manifest: SmallManifest) =>
      Object.assign(toolOf(manifest, 0), { errors });

  expect(findingsAfter(withErrors(error, { ...error, when: { status: 410 }, message: 'Long gone.' }))).toEqual([]);
  expect(findingsAfter(withErrors(error, { ...error, category: 'conflict' }))).toEqual([
    `error-code-ambiguous ${READ}/errors/1/code`,
  ]);
  expect(findingsAfter(withErrors(error, { ...error, terminal: true }))).toEqual([
    `error-code-ambiguous ${READ}/errors/1/code`,
  ]);
});

test('draft-07 schemas keep their own keywords', () => {
  const $schema = 'http://json-schema.org/draft-07/schema#';
  const pair = { type: 'array', items: [{ type: 'integer' }, { $ref: '#/definitions/a' }] };

  expect(
    findingsAfter((manifest) =>
      setInput(manifest, { $schema, definitions: { a: { type: 'string' } }, properties: { pair } }),
    ),
  ).toEqual([]);
  expect(findingsAfter((manifest) => setInput(manifest, { properties: { pair } }))).toEqual([
    `schema-invalid ${READ}/inputSchema/properties/pair/items`,
    `schema-ref-unresolved ${READ}/inputSchema/properties/pair/items/1/$ref`,
  ]);
});

test.each([
  { properties: { a: { $ref: '#' } } },
  { properties: { a: { $ref: '#/$defs/a~1b%20c' } }, $defs: { 'a/b c': {} } },
  { properties: { a: { $ref: '#name' } }, $defs: { x: { $anchor: 'name' } } },
  { properties: { a: { $ref: '#/properties/b' }, b: { type: 'string' } } },
  { properties: { $ref: { type: 'string' } } },
  { properties: { a: { default: { $ref: 'https://elsewhere.example' } }, b: { const: { $ref: '#/nowhere' } } } },
  { properties: { a: { $id: 'https://a.example/', properties: { b: { $ref: '#/$defs/c' } }, $defs: { c: {} } } } },
])('the references of %j resolve', (schema) => {
  expect(findingsAfter((manifest) => setInput(manifest, schema))).toEqual([]);
});

test.each([
  { required: ['a'], additionalProperties: true },
  { required: ['a'], additionalProperties: { type: 'string' } },
  { required: ['x-a'], patternProperties: { '^x-': {} } },
  { properties: { a: {}, b: {} }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
  { required: ['a'], allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { properties: { a: {} } } } },
  { required: ['a'], oneOf: [{ properties: { a: { const: 1 } } }, { properties: { a: { const: 2 } } }] },
])('what %j requires can be given', (schema) => {
  expect(findingsAfter((manifest) => setInput(manifest, schema))).toEqual([]);
});

test('what is required and closed out is found at any depth', () => {
  expect(
    findingsAfter((manifest) =>
      setInput(manifest, { properties: { a: { items: { type: 'object', required: ['b'] } } } }),
    ),
  ).toEqual([`schema-required-undeclared ${READ}/inputSchema/properties/a/items/required/0`]);
});

test('a default is judged by its own schema, references and all, and only warned about', () => {
  const $defs = { size: { enum: ['s', 'm'] } };
  const property = (value: unknown) => ({ properties: { size: { $ref: '#/$defs/size', default: value } }, $defs });

  expect(findingsAfter((manifest) => setInput(manifest, property('m')))).toEqual([]);
  expect(findingsAfter((manifest) => setInput(manifest, property('xl')))).toEqual([
    `schema-default-rejected ${READ}/inputSchema/properties/size/default`,
  ]);
});

test('schemas of conditions are checked like those of tools', () => {
  expect(
    findingsAfter((manifest) =>
      Object.assign(toolOf(manifest, 0), {
        errors: [
          {
            when: { status: 404, body: { properties: { a: { type: 'strin' } } } },
            code: 'GONE',
            category: 'not_found',
            message: 'Gone.',
          },
        ],
      }),
    ),
  ).toEqual([`schema-invalid ${READ}/errors/0/when/body/properties/a/type`]);
});

test.each([
  ['to itself', { $ref: '#/$defs/loop' }],
  ['through an alternative', { anyOf: [{ type: 'string' }, { $ref: '#/$defs/loop' }] }],
  ['through its negation', { not: { $ref: '#/$defs/loop' } }],
])('a reference that leads back %s, with the same value, is refused', (_, loop) => {
  const findings = findingsAfter((manifest) => setInput(manifest, { $defs: { loop } }));
  expect(findings).toEqual([expect.stringMatching(/^schema-ref-unresolved .*\/\$ref$/)]);
});

test('a reference that leads back with another value is a tree, and stays', () => {
  const tree = { type: 'object', properties: { left: { $ref: '#/$defs/tree' }, right: { $ref: '#' } } };
  expect(
    findingsAfter((manifest) =>
      setInput(manifest, { $defs: { tree }, properties: { tree: { $ref: '#/$defs/tree' } } }),
    ),
  ).toEqual([]);
});

test('a pattern that is too large to be used is refused', () => {
  const findings = findingsAfter((manifest) =>
    setInput(manifest, { properties: { word: { type: 'string', pattern: 'a'.repeat(1_000_000) } } }),
  );
  expect(findings).toEqual([`schema-pattern-invalid ${READ}/inputSchema/properties/word/pattern`]);
});
