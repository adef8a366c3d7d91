/** What the generated tests are told about a tool. */
import { expect, test } from 'vitest';

import { parsePath, parseText, parseValue } from '../../src/manifest/expressions.ts';
import type { ErrorModel, JsonObject, RequestModel, ToolModel } from '../../src/model/project.ts';
import { errorCases } from '../../src/render/views/tool-test-errors.ts';
import { requestCase } from '../../src/render/views/tool-test-request.ts';
import { toolTestView } from '../../src/render/views/tool-test.ts';
import { makeModel, QUARANTINE, readTool, writeTool } from '../render/model-fixture.ts';

function request(path: string, { query, body }: { query?: JsonObject; body?: JsonObject } = {}): RequestModel {
  return {
    upstream: 'notes',
    method: 'POST',
    path: parsePath(path).value,
    query: query && Object.fromEntries(Object.entries(query).map(([name, value]) => [name, parseValue(value).value])),
    headers: undefined,
    body: body && parseValue(body).value,
    contentType: 'json',
    result: undefined,
  };
}

function declaredError(code: string, overrides: Partial<ErrorModel> = {}): ErrorModel {
  return {
    code,
    category: 'not_found',
    message: parseText('No note {$args#/id}.').value,
    suggestedAction: undefined,
    retryAfter: undefined,
    executed: undefined,
    terminal: false,
    when: { status: [404], condition: undefined, sampleBody: undefined },
    ...overrides,
  };
}

const declaredWrite = (errors: readonly ErrorModel[], overrides: Partial<ToolModel> = {}): ToolModel =>
  writeTool({ kind: 'declared', request: request('/v1/notes'), errors, ...overrides });

test('the path is expected percent-encoded, an argument as one segment', () => {
  expect(requestCase(request('/v1/{id}/lines'), { id: 'a/../b c' }).path).toBe('/v1/a%2F..%2Fb%20c/lines');
});

test('query values are expected as text, a list as one parameter each, what is missing or null not at all', () => {
  const query = { n: '$args#/n', tag: '$args#/tags', none: '$args#/none', gone: '$args#/gone', text: 'id-{$args#/n}' };
  const { query: expected } = requestCase(request('/v1', { query }), { n: 5, tags: ['a', 'b'], none: null });
  expect(expected).toEqual([
    ['n', '5'],
    ['tag', 'a'],
    ['tag', 'b'],
    ['text', 'id-5'],
  ]);
});

test('the body is expected with the arguments and the caller in it, and without what is missing', () => {
  const body = { amount: '$args#/amount', actor: '$principal.subject', note: '$args#/note', fixed: [1, null] };
  expect(requestCase(request('/v1', { body }), { amount: 3 }).body).toEqual({
    amount: 3,
    actor: 'tester',
    fixed: [1, null],
  });
});

test('what is known only when the server runs is not compared', () => {
  const known = requestCase(request('/v1', { query: { key: '$operation.key' }, body: { key: '$operation.key' } }), {});
  expect(known).toMatchObject({ path: '/v1', query: undefined, body: undefined });
});

test('an error that an earlier one catches has no test', () => {
  const errors = [declaredError('GONE', { when: { status: [404, 410], condition: undefined, sampleBody: undefined } })];
  const cases = errorCases(declaredWrite([...errors, declaredError('NEVER')]), { id: '1' });
  expect(cases.map(({ code, reply }) => [code, reply.status])).toEqual([
    ['GONE', 404],
    ['GONE', 410],
  ]);
});

test('errors of one status and different bodies are all tested', () => {
  const withBody = (code: string) =>
    declaredError(code, { when: { status: [422], condition: code, sampleBody: { code } } });
  const cases = errorCases(declaredWrite([withBody('A'), withBody('B')]), { id: '1' });
  expect(cases.map(({ reply }) => reply.body)).toEqual([{ code: 'A' }, { code: 'B' }]);
});

test('the message is expected as the arguments make it, and not at all where the answer is part of it', () => {
  const fromAnswer = declaredError('B', {
    message: parseText('Status {$response.status}.').value,
    when: { status: [409], condition: undefined, sampleBody: undefined },
  });
  const cases = errorCases(declaredWrite([declaredError('A'), fromAnswer]), { id: '1' });
  expect(cases.map(({ message }) => message)).toEqual(['No note 1.', undefined]);
});

test.each([
  { what: 'a refusal of a write frees the key', status: 404, terminal: false, executed: 'no', repeat: 'send-again' },
  { what: 'a final refusal is repeated', status: 404, terminal: true, executed: 'no', repeat: 'same-answer' },
  {
    what: 'a breakdown leaves a write unknown',
    status: 503,
    terminal: false,
    executed: 'unknown',
    repeat: 'quarantine',
  },
] as const)('$what', ({ status, terminal, executed, repeat }) => {
  const when = { status: [status], condition: undefined, sampleBody: undefined };
  const cases = errorCases(declaredWrite([declaredError('A', { when, terminal })]), { id: '1' });
  expect(cases).toMatchObject([{ executed, repeat }]);
});

test('a breakdown says of a read that nothing was executed', () => {
  const when = { status: [503], condition: undefined, sampleBody: undefined };
  const cases = errorCases(readTool({ errors: [declaredError('A', { when })] }), { id: '1' });
  expect(cases).toMatchObject([{ executed: 'no', repeat: undefined }]);
});

test('an error of a handler is given by the handler', () => {
  const cases = errorCases(writeTool({ errors: [declaredError('A', { when: undefined })] }), { id: '1' });
  expect(cases).toMatchObject([{ code: 'A', reply: { status: 200, body: { fail: 'A' } } }]);
});

test('each scope is taken away in turn, then all, then every role', () => {
  const tool = readTool({ scopes: ['a', 'b'], roles: ['r'] });
  expect(toolTestView(tool, makeModel()).refused).toEqual([
    { title: 'without the scope a', scopes: ['b'], roles: ['r'] },
    { title: 'without the scope b', scopes: ['a'], roles: ['r'] },
    { title: 'without any scope', scopes: [], roles: ['r'] },
    { title: 'in none of the roles', scopes: ['a', 'b'], roles: [] },
  ]);
});

test('where the caller gives the key, every call of the tests gives one, and one does not', () => {
  const tool = writeTool({ idempotency: { strategy: 'caller-key', ...QUARANTINE } });
  const view = toolTestView(tool, makeModel());
  expect(view.subject.arguments).toHaveProperty('idempotency_key');
  expect(view.write?.argumentsWithoutKey).not.toHaveProperty('idempotency_key');
});

test('a store that ends with its process cannot be tested by a crash', () => {
  expect(toolTestView(writeTool(), makeModel({ store: 'memory' })).write).toMatchObject({
    crashChecks: '',
    promises: [{ crash: false }],
  });
});
