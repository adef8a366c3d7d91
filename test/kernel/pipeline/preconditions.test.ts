import { expect, test } from 'vitest';

import { args, principalSubject, responseBody, responseStatus, text } from '../../../templates/kernel/expression.ts';
import type { Precondition, Requirement } from '../../../templates/kernel/tool.ts';
import { settingsFor } from '../upstream/declared.ts';
import { startBank, type BankReply, type BankRequest } from './bank.ts';
import { freshPath, passTime, type Running } from './harness.ts';
import { get, KEYED, refund, refundsAt, type RefundOptions } from './refunds.ts';

const isPaid: Requirement = { value: responseBody('/status'), equals: 'paid' };

function invoiceHas(require: readonly Requirement[], more: Partial<Precondition> = {}): Precondition {
  const message = text('Invoice ', args('/invoice_id'), ' is ', responseBody('/status'), '.');
  return { request: get('invoices', args('/invoice_id')), require, code: 'NOT_PAID', message, ...more };
}

/** `invoice`: what is read; a refund is always taken. */
async function startShop(invoice: (request: BankRequest) => BankReply, options: RefundOptions = {}) {
  const bank = await startBank((request) =>
    request.method === 'GET' ? invoice(request) : { status: 200, body: { id: 're_1' } },
  );
  return { bank, ...refundsAt(bank, { preconditions: [invoiceHas([isPaid])], ...options }) };
}

const answers =
  (body: unknown, status = 200) =>
  (): BankReply => ({ status, body });

test('what holds lets the call through, and is read before anything is written', async () => {
  const { call, bank } = await startShop(answers({ status: 'paid' }));
  expect((await call(refund)).ok).toBe(true);
  expect(bank.received.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /invoices/inv_1', 'POST /refunds']);
});

test('what does not hold refuses the call with its own words, leaves no trace, and is asked anew the next time', async () => {
  let status = 'open';
  const preconditions = [invoiceHas([isPaid], { suggestedAction: 'Wait for the payment.' })];
  const { call, bank, store, calls } = await startShop(() => answers({ status })(), { preconditions });
  const { error } = await call(refund);
  expect(error).toMatchObject({
    code: 'NOT_PAID',
    category: 'failed_precondition',
    message: 'Invoice inv_1 is open.',
    suggested_action: 'Wait for the payment.',
    retry: 'after_fix',
    executed: 'no',
  });
  expect(await store.findById(calls()[0]?.operation_id ?? '')).toBeUndefined();
  status = 'paid';
  expect((await call(refund)).ok).toBe(true);
  expect(bank.writes()).toHaveLength(1);
});

test.each<[string, BankReply]>([
  ['an upstream that fails', { status: 503, body: { status: 'paid' } }],
  ['an upstream that does not let the server in', { status: 403, body: { status: 'paid' } }],
  ['an upstream that is asked too often', { status: 429, body: { status: 'paid' } }],
  ['a redirect', { status: 302, headers: { location: '/elsewhere' } }],
  ['an answer that is cut off', 'cut off'],
])('%s says nothing of what has to hold: nothing is written, and the same call may be sent again', async (_, reply) => {
  const { call, bank } = await startShop(() => reply);
  expect((await call(refund)).error).toMatchObject({
    code: 'UPSTREAM_UNAVAILABLE',
    category: 'unavailable',
    retry: 'same_call',
    executed: 'no',
  });
  expect(bank.writes()).toEqual([]);
});

test.each([
  [200, 'NOT_PAID'],
  [299, 'NOT_PAID'],
  [300, 'UPSTREAM_UNAVAILABLE'],
  [399, 'UPSTREAM_UNAVAILABLE'],
  [400, 'NOT_PAID'],
  [499, 'NOT_PAID'],
  [500, 'UPSTREAM_UNAVAILABLE'],
])('%i is answered with %s', async (status, code) => {
  const { call } = await startShop(answers({ status: 'open' }, status));
  expect((await call(refund)).error.code).toBe(code);
});

test('where it may not be read, that is told', async () => {
  const bank = await startBank(answers({ status: 'paid' }));
  const settings = settingsFor(bank.url, {}, 'public');
  const { call } = refundsAt(bank, { preconditions: [invoiceHas([isPaid])], settings });
  expect((await call(refund)).error).toMatchObject({ code: 'UPSTREAM_ADDRESS_REFUSED', executed: 'no' });
});

test('that something is not there is an answer too', async () => {
  const absent: Requirement = { value: responseStatus, equals: 404 };
  const { call } = await startShop(answers({}, 404), { preconditions: [invoiceHas([absent])] });
  expect((await call(refund)).ok).toBe(true);
  const { call: other } = await startShop(answers({}, 404));
  expect((await other(refund)).error).toMatchObject({ code: 'NOT_PAID', message: 'Invoice inv_1 is .' });
});

test('of several, the first that does not hold is told, and nothing after it is read', async () => {
  const preconditions = ['first', 'second', 'third'].map((name) =>
    invoiceHas([isPaid], { request: get(name), code: name.toUpperCase() }),
  );
  const invoice = ({ url }: BankRequest) => answers({ status: url === '/first' ? 'paid' : 'open' })();
  const { call, bank } = await startShop(invoice, { preconditions });
  expect((await call(refund)).error.code).toBe('SECOND');
  expect(bank.reads().map(({ url }) => url)).toEqual(['/first', '/second']);
});

test.each<[string, Requirement, unknown, boolean]>([
  ['a value that is equal', { value: responseBody('/owner'), equals: principalSubject }, { owner: 'ada' }, true],
  ['a value that is not', { value: responseBody('/owner'), equals: principalSubject }, { owner: 'bob' }, false],
  ['a number that is text', { value: responseBody('/open'), equals: 5 }, { open: '5' }, false],
  ['objects member by member', { value: responseBody(''), equals: { a: [1], b: {} } }, { b: {}, a: [1] }, true],
  ['nothing, which equals nothing', { value: responseBody('/a'), equals: args('/none') }, {}, false],
  ['a value that a schema accepts', { value: responseBody('/open'), matches: 'enough' }, { open: 5 }, true],
  ['a value that it refuses', { value: responseBody('/open'), matches: 'enough' }, { open: 4 }, false],
  ['nothing, which matches no schema', { value: responseBody('/open'), matches: 'enough' }, {}, false],
])('%s', async (_, requirement, body, ok) => {
  const preconditions = [invoiceHas([requirement])];
  const conditions = { enough: { minimum: 5 } };
  const { call } = await startShop(answers(body), { preconditions, conditions });
  expect((await call(refund)).ok).toBe(ok);
});

test('of several requirements all have to be met', async () => {
  const preconditions = [invoiceHas([isPaid, { value: responseBody('/open'), equals: 5 }])];
  const { call } = await startShop(answers({ status: 'paid', open: 4 }), { preconditions });
  expect((await call(refund)).error.code).toBe('NOT_PAID');
});

test('a replay reads nothing, nor does a call under way or a conflict', async () => {
  const { call, bank } = await startShop(answers({ status: 'paid' }));
  const first = await call(refund);
  const second = await call(refund);
  expect([second.text, second.meta]).toEqual([first.text, { 'hardened-mcp/replayed': true }]);
  expect((await call({ ...refund, amount: 6 })).error.code).toBe('IDEMPOTENCY_CONFLICT');
  expect(bank.reads()).toHaveLength(1);
});

test('an effect that may exist is not refused because of what it changed itself', async () => {
  const path = freshPath();
  let status = 'paid';
  const bank = await startBank(({ method }) => {
    if (method === 'GET') return answers({ status })();
    if (status === 'refunded') return { status: 200, body: { id: 're_1' } };
    status = 'refunded';
    return 'cut off';
  });
  const preconditions = [invoiceHas([isPaid])];
  const { call } = refundsAt(bank, { path, preconditions, idempotency: KEYED });
  expect((await call(refund)).error.executed).toBe('unknown');
  passTime(path, 60_001);
  expect(await call(refund)).toMatchObject({ ok: true, structured: { id: 're_1' } });
  expect(bank.reads()).toHaveLength(1);
});

test('what was seen as in doubt, and is free by the time of the claim, is asked for after all', async () => {
  let status = 'paid';
  const bank = await startBank(({ method }) => (method === 'GET' ? answers({ status })() : 'cut off'));
  const { call, store } = refundsAt(bank, {
    preconditions: [invoiceHas([isPaid])],
    idempotency: KEYED,
    wrap: (real) => ({
      ...real,
      // Between the look and the claim an operator says that it was not executed.
      begin: async (claim) => {
        const found = await real.peek(claim);
        if (found !== undefined) await store.resolve({ id: found.operation.id, outcome: null, by: 'operator' });
        return real.begin(claim);
      },
    }),
  });
  await call(refund);
  status = 'open';
  expect((await call(refund)).error).toMatchObject({ code: 'NOT_PAID', executed: 'no' });
  expect(bank.writes()).toHaveLength(1);
});

test('what a server claimed and never sent is asked for anew by who takes it over', async () => {
  const path = freshPath();
  let status = 'paid';
  const bank = await startBank(({ method }) =>
    method === 'GET' ? answers({ status })() : { status: 200, body: { id: 're_1' } },
  );
  const preconditions = [invoiceHas([isPaid])];
  const dying: Running = refundsAt(bank, {
    path,
    preconditions,
    wrap: (real) => ({
      ...real,
      markSent: () => {
        dying.kill();
        return new Promise(() => {});
      },
    }),
  });
  void dying.call(refund);
  await expect.poll(() => dying.store.list({ shelf: 'open', idPrefix: 'op_', limit: 1 })).toHaveLength(1);
  passTime(path, 60_001);
  status = 'open';
  const { call } = refundsAt(bank, { path, preconditions });
  expect((await call(refund)).error).toMatchObject({ code: 'NOT_PAID', executed: 'no' });
  status = 'paid';
  expect((await call(refund)).ok).toBe(true);
  expect(bank.writes()).toHaveLength(1);
});
