import { expect, test } from 'vitest';

import { counting, READ_POLICY, run, toolOf, type ToolOptions } from './harness.ts';

function echo(options: ToolOptions = {}) {
  const { effects, handler } = counting((args) => args);
  return { effects, ...run({ tools: [toolOf(handler, { policy: READ_POLICY, ...options })] }) };
}

test('every violation is told at once, each with its field, its rule, what is allowed and what was got', async () => {
  const { call, effects } = echo();
  const { error } = await call({ amount: 75_000, reason: 7, colour: 'red', invoice_id: 'i'.repeat(21) });
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENTS',
    category: 'invalid_input',
    retry: 'after_fix',
    executed: 'no',
  });
  expect(error.violations).toEqual(
    expect.arrayContaining([
      { field: '/amount', rule: 'maximum', allowed: 10_000, got: 75_000 },
      { field: '/reason', rule: 'type', allowed: 'string', got: 7 },
      { field: '/colour', rule: 'additionalProperties', got: 'red' },
      { field: '/invoice_id', rule: 'maxLength', allowed: 20, got: 21 },
    ]),
  );
  expect(error.violations).toHaveLength(4);
  expect(error.message).toMatch(/1 more/);
  expect(effects).toEqual([]);
});

test('a missing argument is named', async () => {
  const { call } = echo();
  const { error } = await call({ amount: 1 });
  expect(error).toMatchObject({ field: '/invoice_id', violations: [{ field: '/invoice_id', rule: 'required' }] });
});

test('defaults are filled in, and nothing is coerced', async () => {
  const { call } = echo();
  expect((await call({ invoice_id: 'a', amount: 1 })).text).toBe('{"invoice_id":"a","amount":1,"reason":"none given"}');
  expect((await call({ invoice_id: 'a', amount: '1' })).error.violations).toMatchObject([
    { field: '/amount', rule: 'type' },
  ]);
});

test('the caller keeps its own arguments as they were', async () => {
  const { call } = echo();
  const sent = { invoice_id: 'a', amount: 1 };
  await call(sent);
  expect(sent).toEqual({ invoice_id: 'a', amount: 1 });
});

test.each([[null], [[]], ['text'], [7]])('arguments that are %j are no object', async (args) => {
  const { error } = await echo().call(args);
  expect(error.code).toBe('INVALID_ARGUMENTS');
});

const anything = { type: 'object', properties: { value: {} } };

test.each([
  ['an integer that lost its last digits', { value: 2 ** 53 }, 'maximum'],
  ['a negative one', { value: -(2 ** 53) }, 'minimum'],
  ['a number that overflowed', { value: JSON.parse('1e400') as number }, 'maximum'],
  ['text that is no Unicode', { value: '\ud800' }, 'format'],
])('%s is refused', async (_, args, rule) => {
  const { error } = await echo({ input: anything }).call(args);
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENTS', field: '/value', violations: [{ rule }] });
});

test('minus zero is zero', async () => {
  const { call, effects } = echo({ input: anything });
  await call({ value: -0 });
  expect(Object.is(effects[0]?.['value'], 0)).toBe(true);
});

test('a member named __proto__ is a member like any other', async () => {
  const { call } = echo({ input: { type: 'object' } });
  expect((await call(JSON.parse('{"__proto__":{"polluted":1},"constructor":2}'))).text).toBe(
    '{"__proto__":{"polluted":1},"constructor":2}',
  );
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('what is nested too deep or holds too much is refused before it is validated', async () => {
  const { call } = echo({ input: anything });
  const nested = (depth: number) => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level += 1) value = { value };
    return value;
  };
  expect((await call(nested(8))).ok).toBe(true);
  expect((await call(nested(9))).error.code).toBe('ARGUMENTS_TOO_DEEP');
  expect((await call(nested(100_000))).error.code).toBe('ARGUMENTS_TOO_DEEP');
  expect((await call({ value: Array.from({ length: 49 }, () => 1) })).ok).toBe(true);
  expect((await call({ value: Array.from({ length: 50 }, () => 1) })).error.code).toBe('ARGUMENTS_TOO_LARGE');
});

test('the value of a sensitive field is never repeated', async () => {
  const { call } = echo({
    policy: { ...READ_POLICY, sensitive: ['/invoice_id', '/people/*/pin'] },
    input: {
      type: 'object',
      properties: {
        invoice_id: { type: 'string', pattern: '^inv_' },
        people: {
          type: 'array',
          items: { type: 'object', properties: { pin: { type: 'integer' }, name: { maxLength: 2 } } },
        },
      },
    },
  });
  const people = [{ pin: 'secret-2', name: 'Grace' }, 'secret-3'];
  const { error, text } = await call({ invoice_id: 'secret-1', people });
  expect(error.violations).toEqual([
    { field: '/invoice_id', rule: 'pattern', allowed: '^inv_' },
    { field: '/people/0/pin', rule: 'type', allowed: 'integer' },
    { field: '/people/0/name', rule: 'maxLength', allowed: 2, got: 5 },
    { field: '/people/1', rule: 'type', allowed: 'object' },
  ]);
  expect(text).not.toContain('secret');
});

test('violations are at most twenty, and long values are cut', async () => {
  const { call } = echo({ input: { type: 'object', additionalProperties: { type: 'integer' } } });
  const { error } = await call(
    Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`a${index}`, 'x'.repeat(5_000)])),
  );
  expect(error.violations).toHaveLength(20);
  expect(String(error.violations?.[0]?.got).length).toBeLessThan(110);
});

test('rules about names and containers say which name and how many', async () => {
  const { call } = echo({
    input: {
      type: 'object',
      propertyNames: { pattern: '^[a-z]+$' },
      properties: {
        list: { type: 'array', maxItems: 1 },
        pair: { type: 'object', minProperties: 2 },
        kind: { enum: ['a', 'b'] },
      },
      dependentRequired: { kind: ['list/er'] },
    },
  });
  const { error } = await call({ NO: 1, list: [1, 2], pair: {}, kind: { deep: 1 } });
  expect(error.violations).toEqual(
    expect.arrayContaining([
      { field: '/NO', rule: 'propertyNames', got: 1 },
      { field: '/list', rule: 'maxItems', allowed: 1, got: 2 },
      { field: '/pair', rule: 'minProperties', allowed: 2, got: 0 },
      { field: '/kind', rule: 'enum', allowed: ['a', 'b'], got: 'object' },
      { field: '/list~1er', rule: 'dependentRequired' },
    ]),
  );
});
