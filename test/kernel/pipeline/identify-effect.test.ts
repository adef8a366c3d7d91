import { createHash } from 'node:crypto';

import { expect, test } from 'vitest';

import { args, principalSubject, principalTenant } from '../../../templates/kernel/expression.ts';
import { Refusal } from '../../../templates/kernel/pipeline/errors.ts';
import { identifyEffect, type EffectInput } from '../../../templates/kernel/pipeline/identify-effect.ts';
import type { IdempotencyPolicy, Occurrence } from '../../../templates/kernel/policy.ts';
import { claimOf } from '../idempotency/samples.ts';
import { ada, counting, freshPath, run, toolOf } from './harness.ts';
import { LOOKUP } from './refunds.ts';

const base: Omit<EffectInput, 'policy'> = {
  server: 'billing',
  environment: 'test',
  tool: 'issue_refund',
  caller: ada,
  args: { invoice_id: 'inv_1', amount: 5, period: '2026-11', same: 'same' },
  meta: undefined,
  now: Date.UTC(2026, 10, 20, 12),
};

function derived(occurrence?: Occurrence, key = [args('/invoice_id')]): IdempotencyPolicy {
  return { strategy: 'derived-key', key, recovery: 'quarantine', ...(occurrence === undefined ? {} : { occurrence }) };
}

function refusalOf(input: EffectInput) {
  try {
    identifyEffect(input);
  } catch (error) {
    if (error instanceof Refusal) return error.body;
  }
  return undefined;
}

test('a derived key depends on its fields, the fingerprint on every argument', () => {
  const effect = identifyEffect({ ...base, policy: derived() });
  const other = identifyEffect({ ...base, policy: derived(), args: { ...base.args, amount: 6 } });
  expect(other.key).toBe(effect.key);
  expect(other.fingerprint).not.toBe(effect.fingerprint);
  expect(identifyEffect({ ...base, policy: derived(), args: { ...base.args, invoice_id: 'inv_2' } }).key).not.toBe(
    effect.key,
  );
});

test('another way of making the key makes another key', () => {
  const caller = { ...ada, subject: 'same', tenant: 'same' };
  const policies: readonly IdempotencyPolicy[] = [
    derived(),
    derived(undefined, [args('/invoice_id'), args('/period')]),
    derived(undefined, [args('/invoice_id'), principalSubject]),
    // These have the same value.
    derived(undefined, [args('/same')]),
    derived(undefined, [principalSubject]),
    derived(undefined, [principalTenant]),
    { strategy: 'read-before-write', key: [args('/invoice_id')], recovery: 'look-up', lookup: LOOKUP },
    derived({ every: 'day', timezone: 'UTC' }),
    derived({ every: 'day', timezone: 'Europe/Berlin' }),
    derived({ every: 'week', timezone: 'UTC' }),
    derived({ argument: args('/period') }),
  ];
  const keys = policies.map((policy) => identifyEffect({ ...base, caller, policy }).key);
  expect(new Set(keys).size).toBe(keys.length);
});

test.each([
  [{ amount: 5 }, { rule: 'required' }],
  [{ invoice_id: null }, { rule: 'required' }],
  [{ invoice_id: '' }, { rule: 'minLength', allowed: 1 }],
  [{ invoice_id: [] }, { rule: 'minLength', allowed: 1 }],
  [{ invoice_id: {} }, { rule: 'minLength', allowed: 1 }],
])('a key field that %j leaves without a value is refused', (given, violation) => {
  expect(refusalOf({ ...base, policy: derived(), args: given })).toMatchObject({
    code: 'INVALID_ARGUMENTS',
    field: '/invoice_id',
    violations: [{ field: '/invoice_id', ...violation }],
  });
});

test('a caller without a tenant has no key that needs one', () => {
  const { tenant: _, ...caller } = ada;
  const refused = refusalOf({ ...base, caller, policy: derived(undefined, [principalTenant]) });
  expect(refused).toMatchObject({ code: 'INVALID_ARGUMENTS', violations: [{ field: '', rule: 'required' }] });
});

test('whatever is not empty is a value', () => {
  for (const invoice_id of [0, false, [0], { of: null }]) {
    expect(refusalOf({ ...base, policy: derived(), args: { invoice_id } })).toBeUndefined();
  }
});

test('an occurrence by argument needs that argument', () => {
  const policy = derived({ argument: args('/period') });
  expect(refusalOf({ ...base, policy, args: { invoice_id: 'inv_1' } })).toMatchObject({ field: '/period' });
});

const daily = derived({ every: 'day', timezone: 'UTC' });

const sha256 = (written: string): string => createHash('sha256').update(written).digest('hex');

/** What stands in a store has to be found again by every later release. */
test.each<[string, IdempotencyPolicy, Partial<EffectInput>]>([
  ['["derived-key",["args#/invoice_id"],null],["inv_1"],null', derived(), {}],
  [
    '["derived-key",["args#/invoice_id","principal.tenant"],"args#/period"],["inv_1","acme"],"2026-11"',
    derived({ argument: args('/period') }, [args('/invoice_id'), principalTenant]),
    {},
  ],
  [
    '["derived-key",["args#/invoice_id"],["day","UTC"]],["inv_1"],"2026-11-20"',
    derived({ every: 'day', timezone: 'UTC' }),
    {},
  ],
  ['["natural"],[{"amount":5}],null', { strategy: 'natural', recovery: 'send-again' }, { args: { amount: 5 } }],
  [
    `["caller-key"],["${'k'.repeat(16)}"],null`,
    { strategy: 'caller-key', recovery: 'quarantine' },
    { meta: { 'hardened-mcp/idempotency-key': 'k'.repeat(16) } },
  ],
])('an effect has the key that it always had: %s', (written, policy, more) => {
  const { key, fingerprint, args: given } = identifyEffect({ ...base, ...more, policy });
  expect(key).toBe(sha256(`["v1","acme","ada","billing","test","issue_refund",${written}]`));
  expect(fingerprint).toBe(sha256(JSON.stringify(given, Object.keys(given).toSorted())));
});

test("Tuesday's call is another than Monday's, and just after midnight it may still be Monday's", () => {
  const monday = identifyEffect({ ...base, policy: daily, now: Date.UTC(2026, 10, 16, 23, 59) });
  const midnight = identifyEffect({ ...base, policy: daily, now: Date.UTC(2026, 10, 17, 0, 14) });
  const noon = identifyEffect({ ...base, policy: daily, now: Date.UTC(2026, 10, 17, 12) });
  expect(monday.key).not.toBe(noon.key);
  expect(midnight.key).toBe(noon.key);
  expect([midnight.previousKey, noon.previousKey]).toEqual([monday.key, undefined]);
});

test('a value that is set has all its arguments as key', () => {
  const policy: IdempotencyPolicy = { strategy: 'natural', recovery: 'send-again' };
  const { key } = identifyEffect({ ...base, policy });
  expect(identifyEffect({ ...base, policy, args: { ...base.args, amount: 6 } }).key).not.toBe(key);
});

const byCaller: IdempotencyPolicy = { strategy: 'caller-key', recovery: 'quarantine' };
const KEY = 'intent-0123456789';
const META = { 'hardened-mcp/idempotency-key': KEY };

test("a caller's key counts the same as argument and as metadata, and never reaches the request", () => {
  const asArgument = identifyEffect({ ...base, policy: byCaller, args: { ...base.args, idempotency_key: KEY } });
  const asMeta = identifyEffect({ ...base, policy: byCaller, meta: META });
  expect(asArgument).toEqual(asMeta);
  expect(asArgument.args).toEqual(base.args);
  expect(
    refusalOf({ ...base, policy: byCaller, meta: META, args: { ...base.args, idempotency_key: KEY } }),
  ).toBeUndefined();
});

test('without its key such a call is refused, and told how to send one', () => {
  const error = refusalOf({ ...base, policy: byCaller });
  expect(error).toMatchObject({
    code: 'IDEMPOTENCY_KEY_REQUIRED',
    category: 'invalid_input',
    field: '/idempotency_key',
  });
  expect(error?.message).toMatch(/16 to 255 visible ASCII/);
});

test.each([['short-key'], ['with blank 0123456789'], ['é'.repeat(20)], ['k'.repeat(256)], [1234567890123456]])(
  'the key %j is refused',
  (key) => {
    const meta = { 'hardened-mcp/idempotency-key': key };
    expect(refusalOf({ ...base, policy: byCaller, meta })).toMatchObject({
      field: '/idempotency_key',
      violations: [{ rule: 'pattern' }],
    });
  },
);

test('two different keys in one call are refused', () => {
  const error = refusalOf({ ...base, policy: byCaller, meta: META, args: { idempotency_key: 'other-0123456789' } });
  expect(error).toMatchObject({
    code: 'INVALID_ARGUMENTS',
    violations: [{ field: '/idempotency_key', rule: 'const', allowed: '_meta hardened-mcp/idempotency-key' }],
  });
});

test('one key is one effect: a repeat replays, other arguments conflict, a new key executes', async () => {
  const { effects, handler } = counting(() => ({ done: true }));
  const input = { type: 'object', properties: { idempotency_key: {}, amount: {} } };
  const { call } = run({ tools: [toolOf(handler, { input, policy: { idempotency: byCaller } })] });
  const refund = { amount: 5 };
  await call({ ...refund, idempotency_key: KEY });
  expect(effects).toEqual([refund]);
  expect((await call(refund, { meta: META })).meta).toEqual({ 'hardened-mcp/replayed': true });
  expect((await call({ ...refund, amount: 6 }, { meta: META })).error.code).toBe('IDEMPOTENCY_CONFLICT');
  expect((await call(refund)).error.code).toBe('IDEMPOTENCY_KEY_REQUIRED');
  await call(refund, { meta: { 'hardened-mcp/idempotency-key': 'intent-9876543210' } });
  expect(effects).toHaveLength(2);
});

test('a repeat just after midnight finds the call from just before', async () => {
  const path = freshPath();
  const { effects, handler } = counting(() => ({ done: true }));
  const { store } = run({ path, tools: [toolOf(handler, { policy: { idempotency: daily } })] });
  const { claimOperation } = await import('../../../templates/kernel/pipeline/claim-operation.ts');
  const claim = claimOf({ id: 'op_1', key: 'today' });
  await store.begin({ ...claim, id: 'op_0', key: 'yesterday' });
  expect((await claimOperation(store, claim, 'yesterday')).kind).toBe('in-progress');
  expect((await claimOperation(store, { ...claim, fingerprint: 'g', id: 'op_2' }, 'yesterday')).kind).toBe('claimed');
  expect((await claimOperation(store, { ...claim, key: 'alone', id: 'op_3' }, 'never')).kind).toBe('claimed');
  expect(effects).toEqual([]);
});
