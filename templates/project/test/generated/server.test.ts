/** The server as a client meets it: its own process, over each of its transports, through the official client. */
import { expect, test } from 'vitest';

import { server } from '../../src/generated/server.ts';
import { connect, TRANSPORTS } from './harness/connect.ts';

const EVERYTHING = { scopes: Object.keys(server.scopes), roles: Object.keys(server.roles) };
const NOTHING = { scopes: [], roles: [] };

test.each(TRANSPORTS)('over %s, lists every tool as declared, in order, for who may call it', async (transport) => {
  const client = await connect(transport, EVERYTHING);
  const { tools } = await client.listTools();
  const declared = server.tools.map((tool) => tool.definition);
  expect(tools.slice(0, declared.length)).toEqual(asTheClientReads(declared));
});

/** The official client drops members named `__proto__`, wherever they stand. */
function asTheClientReads(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, member: unknown) => (name === '__proto__' ? undefined : member));
}

test.each(TRANSPORTS)('over %s, lists only public tools for a caller who holds nothing', async (transport) => {
  const client = await connect(transport, NOTHING);
  const { tools } = await client.listTools();
  const guarded = server.tools.filter(({ policy }) => policy.scopes.length + policy.roles.length > 0);
  const guardedNames = new Set(guarded.map((tool) => tool.definition.name));
  expect(tools.map((tool) => tool.name).filter((name) => guardedNames.has(name))).toEqual([]);
});

test.each(TRANSPORTS)(
  'over %s, answers a call of a tool that does not exist with a protocol error',
  async (transport) => {
    const client = await connect(transport, EVERYTHING);
    const call = client.callTool({ name: 'no_such_tool', arguments: {} });
    await expect(call).rejects.toMatchObject({ code: -32602 });
  },
);
