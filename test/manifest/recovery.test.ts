/** What follows an unknown outcome, and what is read and asked before a write: the rules on both. */
import { expect, test } from 'vitest';

import { findingsAfter, type SmallManifest, toolOf } from './small-manifest.ts';

const WRITE = '/tools/1';
const KEY = { header: 'Idempotency-Key', retention: '24h' };
const LOOKUP = { request: { upstream: 'store', method: 'GET', path: '/changes/{id}' }, found: true, settle: '500ms' };

const withIdempotency = (members: object) => (manifest: SmallManifest) => {
  const { recovery: _recovery, ...idempotency } = toolOf(manifest, 1).idempotency as Record<string, unknown>;
  toolOf(manifest, 1).idempotency = { ...idempotency, ...members };
};

const withRequest = (request: object, upstreamKey: object) => (manifest: SmallManifest) => {
  withIdempotency({ upstreamKey })(manifest);
  toolOf(manifest, 1).request = { upstream: 'store', method: 'POST', path: '/changes', ...request };
};

test.each([
  ['quarantine', { upstreamKey: KEY }],
  ['resume', { upstreamKey: KEY }],
  ['quarantine', { lookup: LOOKUP }],
  ['resume', { lookup: LOOKUP }],
  ['quarantine', { upstreamKey: KEY, lookup: LOOKUP }],
])('recovery: %s contradicts %j', (recovery, others) => {
  expect(findingsAfter(withIdempotency({ recovery, ...others }))).toEqual([
    `recovery-contradiction ${WRITE}/idempotency/recovery`,
  ]);
});

test('an upstream with keys may have a look-up as well', () => {
  expect(findingsAfter(withIdempotency({ upstreamKey: KEY, lookup: LOOKUP }))).toEqual([]);
});

test('a handler may be resumed, which is a way out for an irreversible tool; a declared request may not', () => {
  expect(findingsAfter(withIdempotency({ recovery: 'resume' }))).toEqual([]);
  expect(
    findingsAfter((manifest) => {
      withIdempotency({ recovery: 'resume' })(manifest);
      toolOf(manifest, 1).request = { upstream: 'store', method: 'POST', path: '/changes' };
    }),
  ).toEqual([`resume-without-handler ${WRITE}/idempotency/recovery`]);
});

test('setting a value has no use for an upstream that would take it for a repeat', () => {
  expect(
    findingsAfter((manifest) => {
      toolOf(manifest, 1).idempotency = { strategy: 'natural', upstreamKey: KEY };
    }),
  ).toEqual([`strategy-field-unused ${WRITE}/idempotency/upstreamKey`]);
});

test.each([
  ['a header that is free', {}, KEY, []],
  ['a header that is taken', { headers: { 'IDEMPOTENCY-KEY': 'x' } }, KEY, ['upstream-key-taken header']],
  ['a member that is free', { body: { a: 1 } }, { body: 'key', retention: '24h' }, []],
  ['a member that is taken', { body: { key: 1 } }, { body: 'key', retention: '24h' }, ['upstream-key-taken body']],
  ['no body', {}, { body: 'key', retention: '24h' }, ['upstream-key-without-body body']],
  ['a list', { body: [1] }, { body: 'key', retention: '24h' }, ['upstream-key-without-body body']],
  ['an expression', { body: '$args#/id' }, { body: 'key', retention: '24h' }, ['upstream-key-without-body body']],
])("the upstream's key may stand in %s as told", (_, request, key, expected) => {
  const found = expected.map((one) => one.replace(' ', ` ${WRITE}/idempotency/upstreamKey/`));
  expect(findingsAfter(withRequest(request, key))).toEqual(found);
});

test('a handler has no request in which the key could be misplaced', () => {
  expect(findingsAfter(withIdempotency({ upstreamKey: { body: 'key', retention: '24h' } }))).toEqual([]);
});

test("the upstream's key takes no header that the connection or the credential decides", () => {
  const key = (header: string) => ({ header, retention: '24h' });
  const expected = [`header-reserved ${WRITE}/idempotency/upstreamKey/header`];
  expect(findingsAfter(withIdempotency({ upstreamKey: key('Cookie') }))).toEqual(expected);
  expect(
    findingsAfter((manifest) => {
      withRequest({}, key('x-api-key'))(manifest);
      Object.assign(manifest.upstreams.store ?? {}, { credential: { type: 'api-key', key: { secret: 'KEY' } } });
    }),
  ).toEqual(expected);
});

test.each([
  ['599s', ['upstream-retention-too-short']],
  ['10m', []],
])('an upstream that remembers keys for %s gives %j', (retention, expected) => {
  const pointer = `${WRITE}/idempotency/upstreamKey/retention`;
  expect(findingsAfter(withIdempotency({ upstreamKey: { ...KEY, retention } }))).toEqual(
    expected.map((code) => `${code} ${pointer}`),
  );
});

test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])('look-ups and preconditions by %s', (method) => {
  const request = { upstream: 'store', method, path: '/changes' };
  const found = findingsAfter((manifest) => {
    withIdempotency({ lookup: { ...LOOKUP, request } })(manifest);
    toolOf(manifest, 1).preconditions = [
      { request, require: [{ value: '$response.status', equals: 200 }], code: 'GONE', message: 'Gone.' },
    ];
  });
  const places = [`${WRITE}/idempotency/lookup/request/method`, `${WRITE}/preconditions/0/request/method`];
  expect(found).toEqual(
    method === 'GET' || method === 'HEAD' ? [] : places.map((pointer) => `request-not-read ${pointer}`),
  );
});

test('look-ups and preconditions name known upstreams and arguments, and only what has a value there', () => {
  expect(
    findingsAfter((manifest) => {
      const idempotency = toolOf(manifest, 1).idempotency as Record<string, unknown>;
      delete idempotency.recovery;
      idempotency.lookup = {
        request: { upstream: 'stor', method: 'GET', path: '/changes/{key}', query: { key: '$operation.key' } },
        found: { type: 'objekt' },
        result: '$args#/id',
        settle: '1s',
      };
      toolOf(manifest, 1).preconditions = [
        {
          request: { upstream: 'shop', method: 'GET', path: '/items/{idd}', query: { key: '$operation.key' } },
          require: [
            { value: '$args#/id', equals: '$response.status' },
            { value: '$response.body#/state', equals: '$args#/note' },
            { value: '$response.body#/state', schema: { type: 'objekt' } },
          ],
          code: 'GONE',
          message: '{$response.body#/why} {$operation.key} {$args#/nothing}',
        },
      ];
    }),
  ).toEqual([
    `unknown-upstream ${WRITE}/idempotency/lookup/request/upstream`,
    `unknown-argument ${WRITE}/idempotency/lookup/request/path`,
    `schema-invalid ${WRITE}/idempotency/lookup/found/type`,
    `expression-source ${WRITE}/idempotency/lookup/result`,
    `unknown-upstream ${WRITE}/preconditions/0/request/upstream`,
    `unknown-argument ${WRITE}/preconditions/0/request/path`,
    `expression-source ${WRITE}/preconditions/0/request/query/key`,
    `expression-source ${WRITE}/preconditions/0/require/0/value`,
    `expression-source ${WRITE}/preconditions/0/require/0/equals`,
    `schema-invalid ${WRITE}/preconditions/0/require/2/schema/type`,
    `expression-source ${WRITE}/preconditions/0/message`,
    `unknown-argument ${WRITE}/preconditions/0/message`,
  ]);
});

test('what an approver reads is made of the call alone', () => {
  const asking = (summary: string) => (manifest: SmallManifest) => {
    delete toolOf(manifest, 1).because;
    toolOf(manifest, 1).approval = { by: 'caller', summary, when: { required: ['note'] } };
  };
  expect(findingsAfter(asking('{$principal.subject} changes {$args#/id}'))).toEqual([]);
  expect(findingsAfter(asking('{$args#/idd} {$response.status} {$oops}'))).toEqual([
    `expression-invalid ${WRITE}/approval/summary`,
    `expression-source ${WRITE}/approval/summary`,
    `unknown-argument ${WRITE}/approval/summary`,
  ]);
});

test('the scope of operators is declared like any other', () => {
  const operatedBy = (scope: string) => (manifest: SmallManifest) => Object.assign(manifest, { operations: { scope } });
  expect(findingsAfter(operatedBy('items:write'))).toEqual([]);
  expect(findingsAfter(operatedBy('items:operate'))).toEqual(['undeclared-scope /operations/scope']);
});
