import { expect, test } from 'vitest';

import { errorIn, type Era } from '../transport/process.ts';
import { environmentFor, sitDown, startRefunds, type Person } from './people.ts';

const refund = ({ client }: Person, invoice_id: string, name = 'refund') =>
  client.callTool({ name, arguments: { invoice_id, amount: 75_000 } });

const WAYS: readonly (readonly ['stdio' | 'http', Era])[] = [
  ['stdio', 'modern'],
  ['stdio', 'legacy'],
  ['http', 'modern'],
];

for (const [transport, era] of WAYS) {
  test(`what the caller accepts is executed once (${transport}, ${era} era)`, async () => {
    const bank = await startRefunds();
    const ada = await sitDown(transport, environmentFor(bank), { era, answers: ['accept'] });
    expect((await refund(ada, 'inv_1')).isError).toBeUndefined();
    expect(await refund(ada, 'inv_1')).toMatchObject({ _meta: { 'hardened-mcp/replayed': true } });
    expect(ada.asked).toEqual(['Refund 75000 cents of invoice inv_1\n\nAccept to have this done once, or decline.']);
    expect(bank.received).toHaveLength(1);
  });

  test(`what the caller declines stays denied, and they are not asked again (${transport}, ${era} era)`, async () => {
    const bank = await startRefunds();
    const ada = await sitDown(transport, environmentFor(bank), { era, answers: ['decline', 'accept'] });
    for (let call = 0; call < 2; call += 1) {
      expect(errorIn(await refund(ada, 'inv_1'))).toMatchObject({ code: 'APPROVAL_DENIED', executed: 'no' });
    }
    expect(ada.asked).toHaveLength(1);
    expect(bank.received).toHaveLength(0);
  });

  test(`who closes the question is asked again by the next call only (${transport}, ${era} era)`, async () => {
    const bank = await startRefunds();
    const ada = await sitDown(transport, environmentFor(bank), { era, answers: ['cancel', 'accept'] });
    const closed = errorIn(await refund(ada, 'inv_1'));
    expect(closed).toMatchObject({ code: 'APPROVAL_REQUIRED', executed: 'no' });
    expect(closed).toMatchObject({ message: expect.stringContaining('asks them again') });
    expect(ada.asked).toHaveLength(1);
    expect((await refund(ada, 'inv_1')).isError).toBeUndefined();
    expect(bank.received).toHaveLength(1);
  });

  test(`a client that cannot ask is told so, and nothing is executed (${transport}, ${era} era)`, async () => {
    const bank = await startRefunds();
    for (const capabilities of [{}, { elicitation: { url: {} } }]) {
      const ada = await sitDown(transport, environmentFor(bank), { era, capabilities });
      const refused = errorIn(await refund(ada, 'inv_1'));
      expect(refused).toMatchObject({ code: 'APPROVAL_REQUIRED', executed: 'no', retry: 'after_approval' });
      expect(refused).toMatchObject({ message: expect.stringContaining('this client cannot ask') });
    }
    expect(bank.received).toHaveLength(0);
  });
}

test('a client from before 2026-07-28 is not asked over HTTP, and nothing is executed', async () => {
  const bank = await startRefunds();
  const ada = await sitDown('http', environmentFor(bank), { era: 'legacy', answers: ['accept'] });
  expect(errorIn(await refund(ada, 'inv_1'))).toMatchObject({ code: 'APPROVAL_REQUIRED', executed: 'no' });
  expect(ada.asked).toEqual([]);
  expect(bank.received).toHaveLength(0);
});

test('whoever sets a value again is asked again', async () => {
  const bank = await startRefunds();
  const ada = await sitDown('http', environmentFor(bank), { era: 'modern', answers: ['accept'] });
  for (let call = 1; call <= 2; call += 1) {
    expect((await refund(ada, 'inv_1', 'set_refund')).isError).toBeUndefined();
    expect(ada.asked).toHaveLength(call);
  }
  expect(bank.received).toHaveLength(2);
});

test('what needs an approver is not asked of the caller', async () => {
  const bank = await startRefunds();
  const ada = await sitDown('http', environmentFor(bank), { era: 'modern', answers: ['accept'] });
  expect(errorIn(await refund(ada, 'inv_1', 'refund_much'))).toMatchObject({
    code: 'APPROVAL_REQUIRED',
    message: expect.stringContaining('Somebody who holds refunds:approve'),
  });
  expect(ada.asked).toEqual([]);
});

test('no argument is consent', async () => {
  const bank = await startRefunds();
  const ada = await sitDown('http', environmentFor(bank), { era: 'modern', answers: ['accept'] });
  const confirmed = { invoice_id: 'inv_1', amount: 1, confirm: true };
  const refused = await ada.client.callTool({ name: 'refund', arguments: confirmed });
  expect(errorIn(refused)).toMatchObject({ code: 'INVALID_ARGUMENTS', violations: [{ field: '/confirm' }] });
  expect(ada.asked).toEqual([]);
  expect(bank.received).toHaveLength(0);
});
