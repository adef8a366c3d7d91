/** The server as a client meets it: its own process, over stdio, through the official client. */
import { fileURLToPath } from 'node:url';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';

import { server } from '../../src/generated/server.ts';
import { environmentOf } from './harness/environment.ts';
import { makeStore, processOn } from './harness/test-store.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const ALL_SCOPES = Object.keys(server.scopes);
const ALL_ROLES = Object.keys(server.roles);

async function connect(scopes: readonly string[], roles: readonly string[]): Promise<Client> {
  const store = await makeStore();
  onTestFinished(() => store.remove());
  const { script, variables } = processOn(store);
  const client = new Client({ name: 'generated-test', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script, '--transport', 'stdio'],
    cwd: PROJECT,
    env: { ...environmentOf(server), ...variables, MCP_SCOPES: scopes.join(' '), MCP_ROLES: roles.join(' ') },
    stderr: 'ignore',
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

test('lists every tool as declared, in order, for a caller who holds every scope and role', async () => {
  const client = await connect(ALL_SCOPES, ALL_ROLES);
  const { tools } = await client.listTools();
  const declared = server.tools.map((tool) => tool.definition);
  expect(tools.slice(0, declared.length)).toEqual(asTheClientReads(declared));
});

/** The official client drops members named `__proto__`, wherever they stand. */
function asTheClientReads(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (name, member: unknown) => (name === '__proto__' ? undefined : member));
}

test('lists only public tools for a caller who holds nothing', async () => {
  const client = await connect([], []);
  const { tools } = await client.listTools();
  const guarded = server.tools.filter(({ policy }) => policy.scopes.length + policy.roles.length > 0);
  const guardedNames = new Set(guarded.map((tool) => tool.definition.name));
  expect(tools.map((tool) => tool.name).filter((name) => guardedNames.has(name))).toEqual([]);
});

test('answers a call of a tool that does not exist with a protocol error', async () => {
  const client = await connect(ALL_SCOPES, ALL_ROLES);
  const call = client.callTool({ name: 'no_such_tool', arguments: {} });
  await expect(call).rejects.toMatchObject({ code: -32602 });
});
