import { expect, test } from 'vitest';

import { UnknownTool } from '../../../templates/kernel/runtime.ts';
import { ada, counting, READ_POLICY, run, toolOf } from './harness.ts';

const refund = { invoice_id: 'inv_1', amount: 5 };

function billing(settings = {}) {
  const { effects, handler } = counting();
  const tools = [
    toolOf(handler, { policy: { scopes: ['refunds:write', 'read'], roles: ['lead', 'support'] } }),
    toolOf(handler, { name: 'get_invoice', policy: READ_POLICY }),
    toolOf(handler, { name: 'ping', policy: { ...READ_POLICY, scopes: [] } }),
  ];
  return { effects, ...run({ tools, settings }) };
}

const names = ({ runtime }: ReturnType<typeof billing>, caller = ada) =>
  runtime.listTools(caller).map(({ name }) => name);

test('a caller sees the tools it may call, in their order, and nothing else', () => {
  const server = billing();
  expect(names(server)).toEqual(['issue_refund', 'get_invoice', 'ping', 'get_operation_status']);
  expect(names(server, { ...ada, scopes: new Set(['read']) })).toEqual(['get_invoice', 'ping']);
  expect(names(server, { ...ada, roles: new Set() })).toEqual(['get_invoice', 'ping']);
  expect(names(server, { ...ada, scopes: new Set() })).toEqual(['ping']);
});

test('every scope is needed, and the refusal names them all', async () => {
  const { call, effects } = billing();
  const { error } = await call(refund, { caller: { ...ada, scopes: new Set(['refunds:write']) } });
  expect(error).toMatchObject({ code: 'SCOPE_MISSING', category: 'permission_denied', executed: 'no', retry: 'never' });
  expect(error.message).toContain('refunds:write, read');
  expect(effects).toEqual([]);
});

test('one of the roles is needed', async () => {
  const { call, effects } = billing();
  const { error } = await call(refund, { caller: { ...ada, roles: new Set(['guest']) } });
  expect(error).toMatchObject({ code: 'ROLE_MISSING', category: 'permission_denied' });
  expect(error.message).toContain('lead, support');
  expect(effects).toEqual([]);
});

test('a tool that acts for a tenant is not there for a caller without one', async () => {
  const { effects, handler } = counting();
  const { call, runtime } = run({ tools: [toolOf(handler, { policy: { needsTenant: true } })] });
  const { tenant: _, ...alone } = ada;
  expect((await call(refund, { caller: alone })).error).toMatchObject({
    code: 'TENANT_MISSING',
    category: 'permission_denied',
    executed: 'no',
    retry: 'never',
  });
  expect(runtime.listTools(alone).map(({ name }) => name)).not.toContain('issue_refund');
  expect(effects).toEqual([]);
  expect((await call(refund)).ok).toBe(true);
});

test('writes are refused until they are turned on; reads are not', async () => {
  const { call, effects } = billing({ writes: false });
  const { error } = await call(refund);
  expect(error).toMatchObject({ code: 'WRITES_DISABLED', category: 'permission_denied', executed: 'no' });
  expect(error.message).toContain('MCP_WRITES=enabled');
  expect(effects).toEqual([]);
  expect((await call(refund, { name: 'get_invoice' })).ok).toBe(true);
});

test('a tool that does not exist is no result at all, but is audited', async () => {
  const { call, audit } = billing();
  await expect(call({}, { name: 'drop_tables' })).rejects.toThrow(UnknownTool);
  expect(audit).toMatchObject([{ tool: 'drop_tables', decision: 'refused', code: 'UNKNOWN_TOOL', arguments: {} }]);
});

test('names that every object has are no tools', async () => {
  const { call } = billing();
  for (const name of ['constructor', '__proto__', 'toString']) {
    await expect(call({}, { name })).rejects.toThrow(UnknownTool);
  }
});
