import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { fileAudit } from '../../../templates/kernel/audit.ts';
import { args } from '../../../templates/kernel/expression.ts';
import type { JsonObject } from '../../../templates/kernel/json.ts';
import { projectArguments } from '../../../templates/kernel/pipeline/audit-arguments.ts';
import type { IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { ada, counting, READ_POLICY, run, toolOf } from './harness.ts';

const idempotency: IdempotencyPolicy = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' };
const refund = { invoice_id: 'inv_1', amount: 5 };

test('every call leaves one event, however it ended', async () => {
  const { handler } = counting(({ amount }, ctx) => {
    if (amount === 7) throw new Error('broken');
    return amount === 6 ? ctx.fail('TOO_MUCH') : { ok: true };
  });
  const errors = [{ code: 'TOO_MUCH', category: 'conflict', message: { parts: ['Too much.'] } }] as const;
  const { call, calls } = run({ tools: [toolOf(handler, { policy: { idempotency }, errors })] });
  const id = (invoice_id: string, amount: number) => ({ invoice_id, amount });
  await call(refund);
  await call(refund);
  await call(id('inv_1', 9));
  await call(id('inv_2', 6));
  await call(id('inv_3', 7));
  await call({ amount: 0 });
  await call(refund, { caller: { ...ada, scopes: new Set() } });
  const audit = calls();
  expect(audit.map(({ decision, code, executed, replayed }) => [decision, code, executed, replayed])).toEqual([
    ['executed', undefined, 'yes', false],
    ['replayed', undefined, 'yes', true],
    ['refused', 'IDEMPOTENCY_CONFLICT', 'no', false],
    ['failed', 'TOO_MUCH', 'no', false],
    ['failed', 'INTERNAL', 'unknown', false],
    ['refused', 'INVALID_ARGUMENTS', 'no', false],
    ['refused', 'SCOPE_MISSING', 'no', false],
  ]);
  expect(audit[1]?.operation_id).toBe(audit[0]?.operation_id);
  expect(audit[0]).toMatchObject({
    event: 'tool_call',
    tool: 'issue_refund',
    subject: 'ada',
    tenant: 'acme',
    run: 'run-1',
    arguments: { ...refund, reason: 'none given' },
  });
  expect(Object.keys(audit[0] ?? {})).not.toContain('scopes');
});

test('an event that cannot be written is logged, and the call goes on', async () => {
  const { call, logged } = run({
    tools: [toolOf(() => ({ ok: true }))],
    onAudit: () => {
      throw new Error('disk full');
    },
  });
  expect((await call(refund)).ok).toBe(true);
  expect(logged.join()).toContain('disk full');
});

const project = (input: JsonObject, given: JsonObject, sensitive: string[] = [], key?: string) =>
  projectArguments(
    toolOf(() => null, { input, policy: { ...READ_POLICY, sensitive } }),
    given,
    key === undefined ? {} : { auditKey: { reveal: () => key } },
  );

test('only what the input schema names is shown', () => {
  const schema = { properties: { a: {}, b: { properties: { c: {} } }, list: { items: { properties: { d: {} } } } } };
  expect(project(schema, { a: 1, x: 'canary', b: { c: 2, y: 'canary' }, list: [{ d: 3, z: 'canary' }] })).toEqual({
    a: 1,
    b: { c: 2 },
    list: [{ d: 3 }],
  });
});

test('what is sensitive is shown as its hash', () => {
  const schema = {
    properties: {
      card: { type: 'string' },
      pin: { 'x-sensitive': true },
      people: { items: { properties: { tax: {} } } },
    },
  };
  const shown = project(schema, { card: 'canary', pin: 'canary', people: [{ tax: 'canary' }] }, [
    '/card',
    '/people/*/tax',
  ]);
  expect(JSON.stringify(shown)).not.toContain('canary');
  expect(shown['card']).toMatch(/^hmac-sha256:[0-9a-f]{64}$/);
  expect(shown['card']).toBe(shown['pin']);
});

test('what is sensitive is shown as its hash in another shape, too', () => {
  const card = { type: 'object', properties: { number: { 'x-sensitive': true }, name: {} } };
  const schema = { properties: { card, cards: { type: 'array', items: card }, note: {} } };
  const sensitive = ['/card/number', '/cards/*/number'];
  const canary = '4111111111111111';
  for (const given of [
    { card: canary },
    { card: Number(canary) },
    { card: [canary] },
    { cards: canary },
    { cards: [canary] },
    { cards: { number: canary } },
  ]) {
    expect(JSON.stringify(project(schema, given, sensitive))).not.toContain(canary);
  }
  expect(project(schema, { card: { name: 'Ada' }, cards: [{ name: 'Ada' }], note: 'x' }, sensitive)).toEqual({
    card: { name: 'Ada' },
    cards: [{ name: 'Ada' }],
    note: 'x',
  });
});

test('a hash can be found again with the same key alone', () => {
  const shown = (key?: string) => project({ properties: { card: {} } }, { card: '4111' }, ['/card'], key)['card'];
  expect(shown('one')).toBe(shown('one'));
  expect(shown('one')).toBe(`hmac-sha256:${createHmac('sha256', 'one').update('"4111"').digest('hex')}`);
  expect(new Set([shown('one'), shown('two'), shown()]).size).toBe(3);
});

test('what no schema describes is shown as its hash, and what is long is cut', () => {
  const schema = { properties: { map: { type: 'object' }, text: {}, list: { items: {} } } };
  const shown = project(schema, {
    map: { any: 'canary' },
    text: 'x'.repeat(1_000),
    list: Array.from({ length: 30 }, () => 1),
  });
  expect(shown['map']).toMatch(/^hmac-sha256:/);
  expect(shown['text']).toBe(`${'x'.repeat(256)}… 1000 in all`);
  expect(shown['list']).toHaveLength(21);
});

test('a file gets one line per event, for its owner only, and no line break from an argument', () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const path = join(folder, 'audit.jsonl');
  const event = {
    time: '2026-11-20T12:00:00.000Z',
    event: 'tool_call',
    event_id: 'event-1',
    operation_id: 'op_1',
    tool: 'ping\u2028',
    subject: 'ada\n{"forged":true}',
    run: 'run-1',
    decision: 'executed',
    executed: 'yes',
    duration_ms: 1,
    replayed: false,
    arguments: { text: '\u0085\u007f' },
  } as const;
  fileAudit(path).record(event);
  fileAudit(path).record(event);
  const written = readFileSync(path, 'utf8');
  expect(written).not.toMatch(/[\u007f-\u009f\u2028\u2029]/);
  expect(
    written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([event, event].map((one) => ({ ...one, chain: expect.objectContaining({ sequence: 1, previous: null }) })));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});
