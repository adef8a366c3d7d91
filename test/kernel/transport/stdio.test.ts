import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';

import { errorIn, FORGETFUL, newClient, SERVED, servedEnvironment, startServed, type Era } from './process.ts';

async function connect(era: Era, environment = servedEnvironment()) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [SERVED],
    env: environment,
    stderr: 'ignore',
  });
  const client = newClient(era);
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

for (const era of ['legacy', 'modern'] as const) {
  test(`the official client lists and calls tools over stdio (${era} era)`, async () => {
    const client = await connect(era);
    expect(client.getServerVersion()).toMatchObject({ name: 'served', version: '1.2.3' });
    expect(client.getInstructions()).toBe('Use it well.');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'echo',
      'letters',
      'chatty',
      'slow',
      'note',
      'get_operation_status',
    ]);
    const echoed = await client.callTool({ name: 'echo', arguments: { text: 'hé\u2028llo' } });
    expect(echoed.structuredContent).toEqual({ text: 'hé\u2028llo' });
    expect(await client.callTool({ name: 'letters', arguments: { text: 'ab' } })).toMatchObject({
      content: [{ type: 'text', text: '["a","b"]' }],
    });
  });

  test(`an unknown tool is a protocol error over stdio (${era} era)`, async () => {
    const client = await connect(era);
    await expect(client.callTool({ name: 'nope', arguments: {} })).rejects.toMatchObject({ code: -32602 });
  });

  test(`a handler that prints does not break stdio (${era} era)`, async () => {
    const client = await connect(era);
    const result = await client.callTool({ name: 'chatty', arguments: { text: 'x' } });
    expect(result.content).toEqual([{ type: 'text', text: 'x' }]);
  });
}

test('the caller gets the scopes of its environment, and is refused the rest', async () => {
  const client = await connect('modern', servedEnvironment({ MCP_SCOPES: 'read' }));
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['echo', 'letters', 'chatty', 'slow']);
  const refused = await client.callTool({ name: 'note', arguments: { text: 'x' } });
  expect(errorIn(refused)).toMatchObject({ category: 'permission_denied', executed: 'no' });
});

test('writes are off until somebody turns them on', async () => {
  const off = await connect('modern');
  expect(errorIn(await off.callTool({ name: 'note', arguments: { text: 'x' } }))).toMatchObject({
    code: 'WRITES_DISABLED',
  });
  const on = await connect('modern', servedEnvironment({ MCP_WRITES: 'enabled' }));
  expect((await on.callTool({ name: 'note', arguments: { text: 'x' } })).isError).toBeUndefined();
});

const INITIALIZE = request(1, 'initialize', {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'raw', version: '0' },
});

function request(id: number, method: string, params: object): string {
  return `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
}

const slowly = request(2, 'tools/call', { name: 'slow', arguments: { text: 'done' } });

test('a client that closes its end at once still gets the answers to what it asked', async () => {
  const served = startServed([]);
  served.child.stdin?.end(INITIALIZE + slowly);
  expect(await served.exited).toBe(0);
  const answers = served.output().stdout.trim().split('\n');
  expect(answers.map((line) => JSON.parse(line).id)).toEqual([1, 2]);
  expect(answers[1]).toContain('done');
});

test('SIGTERM lets calls under way finish, then ends', async () => {
  const served = startServed([]);
  served.child.stdin?.write(INITIALIZE + slowly);
  await served.stderr(/slow began/);
  served.child.kill('SIGTERM');
  expect(await served.exited).toBe(0);
  expect(served.output().stdout).toContain('done');
});

test('a promise that a handler forgot ends nothing when it fails, and shows no secret', async () => {
  const served = startServed([], servedEnvironment({ MCP_SCOPES: '' }), FORGETFUL);
  const call = (id: number) => request(id, 'tools/call', { name: 'forget', arguments: {} });
  served.child.stdin?.end(INITIALIZE + call(2) + call(3));
  expect(await served.exited).toBe(0);
  const { stdout, stderr } = served.output();
  expect(stdout.match(/answered/g)).toHaveLength(2);
  expect(stderr).toContain('nobody waited for');
  expect(stderr).not.toContain('hunter2');
});

test('a message above the size cap ends the connection', async () => {
  const served = startServed([]);
  served.child.stdin?.on('error', () => {});
  served.child.stdin?.write(
    INITIALIZE + request(2, 'tools/call', { name: 'echo', arguments: { text: 'x'.repeat(2e6) } }),
  );
  expect(await served.exited).toBe(0);
  expect(served.output().stdout).not.toContain('xxx');
});

test('a message that is nested too deeply is refused, and the next one is answered', async () => {
  const served = startServed([]);
  const deep = request(2, 'tools/call', { name: 'echo', arguments: { text: 0 } });
  const nested = deep.replace('"text":0', `"text":${'['.repeat(100_000)}${']'.repeat(100_000)}`);
  served.child.stdin?.end(INITIALIZE + nested + request(3, 'tools/list', {}));
  expect(await served.exited).toBe(0);
  const answers = served.output().stdout.trim().split('\n');
  expect(answers.find((line) => JSON.parse(line).id === 2)).toContain('ARGUMENTS_TOO_DEEP');
  expect(answers.find((line) => JSON.parse(line).id === 3)).toContain('echo');
});

test('a call whose arguments are no object is refused, and on record', async () => {
  const served = startServed([]);
  served.child.stdin?.end(INITIALIZE + request(2, 'tools/call', { name: 'echo', arguments: [] }));
  expect(await served.exited).toBe(0);
  const { stdout, stderr } = served.output();
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ id: 2, error: { code: -32602 } });
  const events = stderr.match(/"event":"tool_call".*/g) ?? [];
  expect(events).toHaveLength(1);
  expect(events[0]).toMatch(/"tool":"echo".*"decision":"refused","code":"INVALID_ARGUMENTS"/);
});

test('stdout carries nothing but the protocol', async () => {
  const served = startServed([]);
  served.child.stdin?.end(INITIALIZE + request(2, 'tools/call', { name: 'chatty', arguments: { text: 'x' } }));
  await served.exited;
  const { stdout, stderr } = served.output();
  for (const line of stdout.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' });
  expect(stderr).toContain('printed by a handler');
});
