import { expect, test } from 'vitest';

import { limitRequests } from '../../../templates/kernel/pipeline/request-rate.ts';
import { createRuntime } from '../../../templates/kernel/runtime.ts';
import { ada, READ_POLICY, run, serverOf, SETTINGS, toolOf } from './harness.ts';

const read = () => toolOf(() => ({ ok: true }), { policy: READ_POLICY });
const invoice = { invoice_id: 'inv_1', amount: 1 };

test('a principal may call so often a minute, and is told when to come back', async () => {
  const { call, audit } = run({ tools: [read()], requestRate: limitRequests(2) });
  expect((await call(invoice)).error.code).toBeUndefined();
  expect((await call(invoice)).error.code).toBeUndefined();
  const { error } = await call(invoice);
  expect(error).toMatchObject({
    code: 'REQUEST_RATE_EXCEEDED',
    category: 'rate_limited',
    retryable: true,
    retry: 'same_call',
    executed: 'no',
  });
  expect(error.retry_after_ms).toBeGreaterThan(0);
  expect(error.retry_after_ms).toBeLessThanOrEqual(60_000);
  expect(audit.at(-1)).toMatchObject({ decision: 'refused', code: 'REQUEST_RATE_EXCEEDED' });
});

test('principals are counted apart, also those of equal names in different tenants', async () => {
  const { call } = run({ tools: [read()], requestRate: limitRequests(1) });
  const callers = [ada, { ...ada, subject: 'bob' }, { ...ada, tenant: 'other' }];
  for (const caller of callers) expect((await call(invoice, { caller })).error.code).toBeUndefined();
  for (const caller of callers) expect((await call(invoice, { caller })).error.code).toBe('REQUEST_RATE_EXCEEDED');
});

test('a call that the caller may not make, or that is not valid, counts for nothing', async () => {
  const { call } = run({ tools: [read()], requestRate: limitRequests(1) });
  expect((await call(invoice, { caller: { ...ada, scopes: new Set() } })).error.code).toBe('SCOPE_MISSING');
  expect((await call({})).error.code).toBe('INVALID_ARGUMENTS');
  expect((await call(invoice)).error.code).toBeUndefined();
});

test('a server that limits requests does not start without what counts them', () => {
  const server = { ...serverOf([read()]), limits: { requestsPerMinute: 5 } };
  const log = () => {};
  const options = { settings: SETTINGS, audit: { record: log }, log: { info: log, warn: log, error: log } };
  expect(() => createRuntime(server, options)).toThrow('needs the part that counts them');
});
