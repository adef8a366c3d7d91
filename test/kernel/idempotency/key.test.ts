import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { hashArguments, hashJson, hashKey, type KeyParts } from '../../../templates/kernel/idempotency/key.ts';
import type { JsonValue } from '../../../templates/kernel/json.ts';

const parts: KeyParts = {
  tenant: 'acme',
  subject: 'ada',
  server: 'billing',
  environment: 'test',
  tool: 'issue_refund',
  spec: ['derived-key', ['/invoice_id']],
  values: ['inv_1'],
  occurrence: '2026-11-20',
};

test('every part of a key sets it apart from another', () => {
  const others: readonly Partial<KeyParts>[] = [
    { tenant: 'other' },
    { tenant: null },
    { subject: 'bob' },
    { server: 'crm' },
    { environment: 'production' },
    { tool: 'void_invoice' },
    { spec: ['derived-key', ['/id']] },
    { values: ['inv_2'] },
    { values: ['inv_1', 'inv_1'] },
    { occurrence: '2026-11-21' },
    { occurrence: null },
  ];
  const keys = [parts, ...others.map((other) => ({ ...parts, ...other }))].map(hashKey);
  expect(new Set(keys).size).toBe(others.length + 1);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
});

test('parts cannot be shifted into one another', () => {
  const shifted = { ...parts, subject: 'adabilling', server: '' };
  expect(hashKey(shifted)).not.toBe(hashKey({ ...parts, subject: 'ada', server: 'billing' }));
  expect(hashKey({ ...parts, values: [['a', 'b']] })).not.toBe(hashKey({ ...parts, values: ['a', 'b'] }));
});

test('keys stay what they are from release to release', () => {
  expect(hashKey(parts)).toBe('ad83c989709b9d49a025d8d5fcb484ecc071d49588693af0036fd55193e14927');
});

const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);

function reordered(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, reordered(member)]),
  );
}

test('the order of members makes no difference, anything else does', () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(hashArguments({ a })).toBe(hashArguments({ a: reordered(a) }));
      expect(hashJson(a) === hashJson(b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
    }),
    { seed: 11, numRuns: 500 },
  );
});

function sorted(value: JsonValue): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([name, member]) => [name, sorted(member)] as const);
  return { members: entries.sort(([one], [other]) => (one < other ? -1 : 1)) };
}
