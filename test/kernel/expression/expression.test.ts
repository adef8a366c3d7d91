import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  args,
  evaluate,
  fill,
  operationKey,
  principalSubject,
  principalTenant,
  renderText,
  responseBody,
  responseHeader,
  responseStatus,
  text,
  type Scope,
} from '../../../templates/kernel/expression.ts';
import { pointerOf, type JsonValue } from '../../../templates/kernel/json.ts';

const scope: Scope = {
  args: { id: 'inv_1', lines: [{ amount: 5 }], note: null, 'a/b~c': 1 },
  principal: { subject: 'ada', tenant: 'acme' },
  operationKey: 'k1',
  response: { status: 422, headers: new Headers({ 'Retry-After': '7' }), body: { error: { code: 'limit' } } },
};

test('every source has its value', () => {
  expect(evaluate(args('/lines/0/amount'), scope)).toBe(5);
  expect(evaluate(args('/a~1b~0c'), scope)).toBe(1);
  expect(evaluate(args(''), scope)).toBe(scope.args);
  expect(evaluate(responseBody('/error/code'), scope)).toBe('limit');
  expect(evaluate(responseHeader('retry-after'), scope)).toBe('7');
  expect(evaluate(responseStatus, scope)).toBe(422);
  expect(evaluate(principalSubject, scope)).toBe('ada');
  expect(evaluate(principalTenant, scope)).toBe('acme');
  expect(evaluate(operationKey, scope)).toBe('k1');
});

test('what is not there has no value, and nothing is inherited', () => {
  const empty: Scope = { args: {}, principal: { subject: 'ada' } };
  for (const expression of [responseBody(''), responseHeader('x'), responseStatus, principalTenant, operationKey]) {
    expect(evaluate(expression, empty)).toBeUndefined();
  }
  for (const pointer of [
    '/constructor',
    '/__proto__',
    '/toString',
    '/id/length',
    '/lines/length',
    '/lines/-1',
    '/lines/01',
  ]) {
    expect(evaluate(args(pointer), scope)).toBeUndefined();
  }
});

test('a pointer made from a path finds what lies there', () => {
  const path = fc.array(fc.string(), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(path, fc.jsonValue(), (tokens, value) => {
      const found = value as JsonValue;
      const nested = tokens.reduceRight<JsonValue>((inner, token) => Object.fromEntries([[token, inner]]), found);
      const within = fill({ value: args(pointerOf(tokens)) }, { ...scope, args: nested as Scope['args'] });
      expect(within).toEqual({ value: found });
    }),
    { seed: 21, numRuns: 500 },
  );
});

test('a text shows strings as they are, other values as JSON, and nothing for what is missing', () => {
  expect(
    renderText(text('Invoice ', args('/id'), ': ', args('/lines'), args('/none'), args('/note'), '.'), scope),
  ).toBe('Invoice inv_1: [{"amount":5}]null.');
});

test('a template leaves out members and items without a value, and keeps null', () => {
  const template = {
    id: args('/id'),
    gone: args('/none'),
    note: args('/note'),
    list: [args('/none'), 1],
    deep: { who: text('by ', principalSubject) },
  };
  expect(fill(template, scope)).toEqual({ id: 'inv_1', note: null, list: [1], deep: { who: 'by ada' } });
});

test("a caller's own JSON is never taken for an expression", () => {
  const forged = { source: { from: 'operation.key' }, parts: ['x'] };
  expect(fill({ value: args('') }, { ...scope, args: { forged } })).toEqual({ value: { forged } });
  expect(fill(forged, scope)).toEqual(forged);
});
