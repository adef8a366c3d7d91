import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { args, operationKey, text } from '../../../templates/kernel/expression.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import type { RequestDeclaration } from '../../../templates/kernel/tool.ts';
import { prepareRequest } from '../../../templates/kernel/upstream/prepare-request.ts';
import { declareTool, execute, prepare, settingsFor } from './declared.ts';
import { startUpstream } from './loopback.ts';

const REQUEST = {
  method: 'POST',
  path: ['things', args('/id')],
  query: { q: args('/q') },
  headers: { 'X-Key': text(operationKey) },
  body: { value: args('/value') },
} as const;
const ARGS = { id: 'a', q: 'b', value: { x: 1, y: [{ b: 2, a: 1 }] } };

interface Call {
  readonly request?: Partial<RequestDeclaration>;
  readonly args?: JsonObject;
  readonly key?: string;
  readonly baseUrl?: string;
  readonly credential?: string;
}

async function digestOf(call: Call): Promise<string> {
  const settings = settingsFor(new URL(call.baseUrl ?? 'https://api.example'));
  const [api] = settings.upstreams.values();
  if (api === undefined) throw new Error('no upstream');
  const authorize = (headers: Headers) => headers.set('authorization', call.credential ?? 'Bearer secret');
  const prepared = await prepareRequest({
    tool: declareTool({ mutability: 'additive', request: { ...REQUEST, ...call.request } }),
    scope: { args: call.args ?? ARGS, principal: { subject: 'ann' }, operationKey: call.key ?? 'key-1' },
    settings: { ...settings, upstreams: new Map([['api', { ...api, authorize }]]) },
    conditions: undefined,
    signal: new AbortController().signal,
  });
  if (prepared.kind === 'refused') throw new Error('refused');
  return prepared.digest;
}

test('the digest of a request stays what it is from release to release', async () => {
  expect(await digestOf({})).toMatchInlineSnapshot(
    `"74ccc8fa9ecb6cb0fb351a14ccc686d9dc20db58d2c4523719905cc333fbcdfe"`,
  );
});

test('equal calls have equal digests, whatever the credential and the order of members', async () => {
  const digest = await digestOf({});
  expect(await digestOf({ credential: 'Bearer another' })).toBe(digest);
  expect(await digestOf({ args: { value: { y: [{ a: 1, b: 2 }], x: 1 }, q: 'b', id: 'a' } })).toBe(digest);
});

test('calls that differ in anything that is sent have other digests', async () => {
  const changes: readonly Call[] = [
    {},
    { request: { method: 'PUT' } },
    { request: { path: ['other', args('/id')] } },
    { request: { query: {} } },
    { request: { headers: { 'X-Other': text(operationKey) } } },
    { request: { headers: { 'X-Key': text(operationKey), Accept: text('text/plain') } } },
    { request: { body: { other: args('/value') } } },
    { request: { body: 'text' } },
    { key: 'key-2' },
    { baseUrl: 'https://other.example' },
    { baseUrl: 'https://api.example/v2' },
    { args: { ...ARGS, id: 'b' } },
    { args: { ...ARGS, q: 'c' } },
    { args: { ...ARGS, value: { x: 1, y: [{ b: 2, a: 2 }] } } },
    { args: { ...ARGS, value: [1, 2] } },
    { args: { ...ARGS, value: [2, 1] } },
    { args: { ...ARGS, value: '' } },
    { args: { ...ARGS, value: null } },
  ];
  const digests = await Promise.all(changes.map(digestOf));
  expect(new Set(digests).size).toBe(changes.length);
});

test('values that are equal as JSON are sent as the same bytes', async () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, member]) => [name, turned(member)]),
    );
  };
  const json = fc.object({ values: [fc.string(), fc.integer(), fc.constant(null)], maxDepth: 3 });
  await fc.assert(
    fc.asyncProperty(json as fc.Arbitrary<JsonObject>, async (value) => {
      const other = turned(value) as JsonObject;
      expect(await digestOf({ args: { ...ARGS, value: other } })).toBe(await digestOf({ args: { ...ARGS, value } }));
    }),
  );
});

test('members of an argument arrive in one order, those of the declaration in its own', async () => {
  const upstream = await startUpstream({ status: 200 });
  const body = { z: 1, a: args('/value') };
  const tool = declareTool({ mutability: 'additive', request: { method: 'POST', body } });
  await execute(upstream.url, { tool, args: { value: { c: 1, b: [{ y: 1, x: 2 }] } } });
  expect(upstream.received[0]?.body).toBe('{"z":1,"a":{"b":[{"x":2,"y":1}],"c":1}}');
});

test('preparing sends nothing, and one that is prepared can be sent later', async () => {
  const upstream = await startUpstream({ status: 200, body: 1 });
  const prepared = await prepare(upstream.url);
  expect(upstream.received).toHaveLength(0);
  if (prepared.kind === 'refused') throw new Error('refused');
  const { signal } = new AbortController();
  expect(await prepared.send({ signal, mayStillSend: () => true })).toEqual({ kind: 'succeeded', result: 1 });
});

test('what cannot be encoded is refused before anything is sent', async () => {
  const tool = declareTool({ mutability: 'additive', request: { method: 'DELETE', path: [args('/id')] } });
  expect(await prepare(new URL('https://api.example'), { tool, args: { id: '..' } })).toMatchObject({
    kind: 'refused',
    execution: { kind: 'not-sent', error: { code: 'INVALID_ARGUMENTS', field: '/id' } },
  });
});
