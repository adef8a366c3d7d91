import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { args, operationKey, principalSubject, text } from '../../../templates/kernel/expression.ts';
import type { JsonValue } from '../../../templates/kernel/json.ts';
import type { RequestDeclaration } from '../../../templates/kernel/tool.ts';
import { encodeRequest } from '../../../templates/kernel/upstream/encode.ts';
import { NotEncodable } from '../../../templates/kernel/upstream/not-encodable.ts';
import { declareTool, errorOf, execute } from './declared.ts';
import { startUpstream } from './loopback.ts';

const BASE = new URL('https://api.example/base/');

function encode(request: Partial<RequestDeclaration>, values: Record<string, JsonValue> = {}) {
  const declaration = { upstream: 'api', method: 'GET', path: ['x'], contentType: 'json', ...request } as const;
  return encodeRequest(declaration, BASE, {
    args: values,
    principal: { subject: 'ann' },
    operationKey: 'key-1',
  });
}

function refusalOf(request: Partial<RequestDeclaration>, values: Record<string, JsonValue> = {}): NotEncodable {
  try {
    encode(request, values);
  } catch (error) {
    if (error instanceof NotEncodable) return error;
    throw error;
  }
  throw new Error('It was encoded.');
}

test('a path joins the base, its literals and one encoded segment for each value', () => {
  const path = ['v1', args('/id'), text('of-', args('/owner'))];
  expect(encode({ path }, { id: 'a/b?c#d e', owner: 7 }).url.href).toBe(
    'https://api.example/base/v1/a%2Fb%3Fc%23d%20e/of-7',
  );
});

for (const value of ['.', '..', '', null, { a: 1 }, ['a'], '\ud800']) {
  test(`${JSON.stringify(value)} is refused as a path segment, naming the argument`, () => {
    expect(refusalOf({ path: ['v1', args('/id')] }, { id: value }).field).toBe('/id');
  });
}

test('a value that is missing from a path is refused', () => {
  expect(refusalOf({ path: [args('/id')] }).field).toBe('/id');
});

test('no text in a path ever leaves its segment or the host', () => {
  const tricky = fc.string({
    unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', '@', ':', '?', '#', ';', '\n', 'é'),
  });
  const isRefused = (id: string): boolean => ['', '.', '..'].includes(id) || /\p{Surrogate}/u.test(id);
  fc.assert(
    fc.property(fc.oneof(tricky, fc.string({ unit: 'binary' })), (id) => {
      fc.pre(!isRefused(id));
      const { url } = encode({ path: ['v1', args('/id'), 'end'] }, { id });
      expect(url.origin).toBe(BASE.origin);
      const segments = url.pathname.split('/');
      expect(segments).toHaveLength(5);
      expect(decodeURIComponent(segments[3] ?? '')).toBe(id);
    }),
  );
});

test('a query repeats lists, leaves out what is absent or null, and encodes the rest', () => {
  const query = {
    q: args('/q'),
    tag: args('/tags'),
    none: args('/none'),
    gone: args('/gone'),
    n: 5,
    who: principalSubject,
  };
  const { url } = encode({ query }, { q: 'a&b=c', tags: ['x', 'y'], none: null });
  expect([...url.searchParams]).toEqual([
    ['q', 'a&b=c'],
    ['tag', 'x'],
    ['tag', 'y'],
    ['n', '5'],
    ['who', 'ann'],
  ]);
});

test('a query refuses objects, and lists of them', () => {
  expect(refusalOf({ query: { q: args('/q') } }, { q: { a: 1 } }).field).toBe('/q');
  expect(refusalOf({ query: { q: args('/q') } }, { q: [[1]] }).field).toBe('/q');
  expect(refusalOf({ query: { q: text('is:', args('/q')) } }, { q: { a: 1 } }).field).toBe('/q');
});

for (const value of ['a\r\nX-Evil: 1', 'a\nb', 'a\0b', 'é', '\u007f', ' a', 'a ', '', { a: 1 }]) {
  test(`${JSON.stringify(value)} is refused as the value of a header`, () => {
    expect(refusalOf({ headers: { 'X-Ref': text(args('/ref')) } }, { ref: value }).field).toBe('/ref');
  });
}

test('a header takes visible text and is left out where its only value is absent', () => {
  const headers = { 'X-Ref': text('ref ', args('/ref')), 'X-Gone': text(args('/gone')), 'X-Key': text(operationKey) };
  const encoded = encode({ headers }, { ref: 42 }).headers;
  expect(encoded.get('x-ref')).toBe('ref 42');
  expect(encoded.get('x-key')).toBe('key-1');
  expect(encoded.has('x-gone')).toBe(false);
});

for (const name of ['Host', 'authorization', 'Content-Length', 'Transfer-Encoding', 'Cookie']) {
  test(`the header ${name} is never a request's to set`, () => {
    expect(() => encode({ headers: { [name]: text('x') } })).toThrow(`The header ${name}`);
  });
}

test('a JSON body is filled in, leaves out what is absent, and carries any text', () => {
  const body = {
    amount: args('/amount'),
    note: text('by ', principalSubject),
    gone: args('/gone'),
    list: [args('/x')],
  };
  const encoded = encode({ method: 'POST', body }, { amount: 5, x: { __proto__: null, 'a"b': '</script>\u2028' } });
  expect(encoded.headers.get('content-type')).toBe('application/json');
  expect(JSON.parse(encoded.body ?? '')).toEqual({ amount: 5, note: 'by ann', list: [{ 'a"b': '</script>\u2028' }] });
});

test('a form body takes scalars and lists of them, and refuses the rest, naming the argument', () => {
  const body = { a: args('/a'), b: args('/b') };
  const encoded = encode({ method: 'POST', body, contentType: 'form' }, { a: 'x=1&y', b: [1, true] });
  expect(encoded.headers.get('content-type')).toBe('application/x-www-form-urlencoded');
  expect(encoded.body).toBe('a=x%3D1%26y&b=1&b=true');
  expect(refusalOf({ method: 'POST', body, contentType: 'form' }, { a: { c: 1 } }).field).toBe('/a');
});

test('a request without a body says nothing about one', () => {
  const encoded = encode({});
  expect(encoded.body).toBeUndefined();
  expect(encoded.headers.has('content-type')).toBe(false);
});

test('an argument that cannot be encoded is answered as such, and nothing is sent', async () => {
  const upstream = await startUpstream({ status: 200 });
  const tool = declareTool({ mutability: 'destructive', request: { method: 'DELETE', path: ['things', args('/id')] } });
  const execution = await execute(upstream.url, { tool, args: { id: '..' } });
  expect(execution.kind).toBe('not-sent');
  expect(errorOf(execution)).toMatchObject({
    code: 'INVALID_ARGUMENTS',
    category: 'invalid_input',
    field: '/id',
    violations: [{ field: '/id', rule: 'encoding' }],
  });
  expect(upstream.received).toHaveLength(0);
});

test('shell and header payloads in a body reach the upstream as they were given', async () => {
  const payload = '$(rm -rf /); `id` \r\nX-Evil: 1 \u0000 \u202e "\'\\ ${x} {{y}}';
  const upstream = await startUpstream({ status: 200 });
  const tool = declareTool({ mutability: 'additive', request: { method: 'POST', body: { text: args('/text') } } });
  await execute(upstream.url, { tool, args: { text: payload } });
  expect(JSON.parse(upstream.received[0]?.body ?? '')).toEqual({ text: payload });
});
