/** Audit that takes its time, as in a store. */
import { expect, test } from 'vitest';

import type { AuditEvent } from '../../../templates/kernel/audit.ts';
import { counting, READ_POLICY, run, toolOf } from './harness.ts';

const refund = { invoice_id: 'inv_1', amount: 5 };

test('a call is answered once its event is kept', async () => {
  const kept = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<AuditEvent>();
  const { call } = run({
    tools: [toolOf(() => ({ ok: true }), { policy: READ_POLICY })],
    onAudit: (event) => {
      asked.resolve(event);
      return kept.promise;
    },
  });
  let isAnswered = false;
  const answer = call(refund).then((reply) => {
    isAnswered = true;
    return reply;
  });
  await asked.promise;
  await new Promise(setImmediate);
  expect(isAnswered).toBe(false);
  kept.resolve();
  expect((await answer).ok).toBe(true);
});

test('an event that cannot be kept costs no call its answer, and is told to the log', async () => {
  const { call, logged } = run({
    tools: [toolOf(() => ({ ok: true }), { policy: READ_POLICY })],
    onAudit: () => Promise.reject(new Error('the store is away')),
  });
  expect((await call(refund)).ok).toBe(true);
  expect(logged.join()).toContain('An audit event was not delivered');
});

test.each([
  ['throws', (): never => fail()],
  ['rejects', () => Promise.reject(whySink())],
])('of what a sink says that %s, the log hides the secret, and the reply has nothing', async (_, onAudit) => {
  const written = run({ tools: [toolOf(counting().handler)], onAudit });
  const read = run({ tools: [toolOf(() => ({ ok: true }), { policy: READ_POLICY })], onAudit });
  for (const { call, logged } of [written, read]) {
    expect((await call(refund)).text).not.toContain('db.example');
    expect(logged.join()).toContain('no answer from postgres://[secret]@db.example');
    expect(logged.join()).not.toContain('canary');
  }
});

const whySink = (): Error => new Error('no answer from postgres://audit:canary-dsn@db.example:5432/app');

function fail(): never {
  throw whySink();
}

test('an event of a write stays in the outbox until audit has it', async () => {
  let isAway = true;
  const { handler } = counting();
  const { call, store } = run({
    tools: [toolOf(handler)],
    onAudit: () => (isAway ? Promise.reject(new Error('the store is away')) : Promise.resolve()),
  });
  expect((await call(refund)).ok).toBe(true);
  expect(await store.entries(0, '')).toHaveLength(1);
  isAway = false;
  expect((await call({ ...refund, invoice_id: 'inv_2' })).ok).toBe(true);
  expect((await store.entries(0, '')).map(({ text }) => JSON.parse(text).arguments.invoice_id)).toContain('inv_1');
});
