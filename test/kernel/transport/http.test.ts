import { request as sendHttp, type IncomingHttpHeaders } from 'node:http';
import { connect as connectSocket } from 'node:net';

import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect, onTestFinished, test } from 'vitest';

import { errorIn, newClient, servedEnvironment, startServed, startServedHttp, type Era } from './process.ts';

async function connect(url: URL, era: Era) {
  const client = newClient(era);
  await client.connect(new StreamableHTTPClientTransport(url));
  onTestFinished(() => client.close());
  return client;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request with full control of its headers. */
function send(
  url: URL,
  about: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = sendHttp(
      url,
      { method: about.method ?? 'POST', agent: false, headers: { ...JSON_HEADERS, ...about.headers } },
      (incoming) => {
        let body = '';
        incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body }));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(about.body ?? LIST);
  });
}

const JSON_HEADERS = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });

const callOf = (name: string, args: unknown): string =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });

for (const era of ['legacy', 'modern'] as const) {
  test(`the official client lists and calls tools over HTTP (${era} era)`, async () => {
    const { url } = await startServedHttp(servedEnvironment({ MCP_WRITES: 'enabled' }));
    const client = await connect(url, era);
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('note');
    expect((await client.callTool({ name: 'echo', arguments: { text: 'a' } })).structuredContent).toEqual({
      text: 'a',
    });
    expect((await client.callTool({ name: 'note', arguments: { text: 'b' } })).content).toEqual([
      { type: 'text', text: 'b' },
    ]);
    await expect(client.callTool({ name: 'nope', arguments: {} })).rejects.toMatchObject({ code: -32602 });
    expect(errorIn(await client.callTool({ name: 'echo', arguments: {} }))).toMatchObject({
      category: 'invalid_input',
    });
  });
}

test('many clients with equal request ids each get their own answer', async () => {
  const { url } = await startServedHttp();
  const clients = await Promise.all(Array.from({ length: 8 }, () => connect(url, 'modern')));
  const texts = await Promise.all(
    clients.flatMap((client, owner) =>
      Array.from({ length: 5 }, async (_, turn) => {
        const text = `${owner}-${turn}`;
        const { structuredContent } = await client.callTool({ name: 'echo', arguments: { text } });
        return [text, (structuredContent as { text: string }).text] as const;
      }),
    ),
  );
  for (const [sent, received] of texts) expect(received).toBe(sent);
});

test('a Host or an Origin that is not allowed is refused', async () => {
  const { url } = await startServedHttp();
  expect((await send(url, { headers: { host: 'evil.example' } })).status).toBe(403);
  expect((await send(url, { headers: { host: `evil.example:${url.port}` } })).status).toBe(403);
  expect((await send(url, { headers: { host: '127.0.0.1.evil.example' } })).status).toBe(403);
  expect((await send(url, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  expect((await send(url, { headers: { origin: 'null' } })).status).toBe(403);
  expect((await send(url, { headers: { origin: `http://localhost:${url.port}` } })).status).toBe(200);
  expect((await send(url)).status).toBe(200);
});

test('further hosts come from the environment, and origins in place of the usual', async () => {
  const environment = servedEnvironment({ MCP_ALLOWED_HOSTS: 'mcp.example', MCP_ALLOWED_ORIGINS: 'app.example' });
  const { url } = await startServedHttp(environment);
  expect((await send(url, { headers: { host: 'mcp.example' } })).status).toBe(200);
  expect((await send(url, { headers: { host: 'mcp.example', origin: 'https://app.example' } })).status).toBe(200);
  expect((await send(url, { headers: { host: 'localhost' } })).status).toBe(200);
  expect((await send(url, { headers: { host: 'mcp.example.evil' } })).status).toBe(403);
  expect((await send(url, { headers: { origin: `http://localhost:${url.port}` } })).status).toBe(403);
});

test('only /mcp is there, and only POST', async () => {
  const { url } = await startServedHttp();
  expect((await send(new URL('/', url))).status).toBe(404);
  expect((await send(new URL('/mcp/', url))).status).toBe(404);
  const got = await send(url, { method: 'GET', body: '' });
  expect(got.status).toBe(405);
  expect(got.headers.allow).toBe('POST');
});

test('a body that is too large is refused, announced or not', async () => {
  const { url } = await startServedHttp();
  const body = callOf('echo', { text: 'x'.repeat(1_100_000) });
  expect((await send(url, { body, headers: { 'content-length': String(body.length) } })).status).toBe(413);
  expect((await send(url, { body, headers: { 'transfer-encoding': 'chunked' } })).status).toBe(413);
});

test('a body that is too deep, too wide, no JSON or a batch is refused before it is dispatched', async () => {
  const { url } = await startServedHttp();
  const deep = callOf('echo', { text: 0 }).replace('0}}}', `${'['.repeat(100_000)}${']'.repeat(100_000)}}}}`);
  const wide = callOf('echo', { text: 'x', list: Array.from({ length: 30_000 }, () => 0) });
  for (const body of [deep, wide, '{', '', `[${LIST}]`]) {
    const answer = await send(url, { body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ jsonrpc: '2.0', id: null, error: {} });
  }
});

test('a call whose arguments are no object is refused, and on record', async () => {
  const { url, served } = await startServedHttp();
  for (const args of [null, [], 'text', 7]) {
    expect(JSON.parse(dataIn((await send(url, { body: callOf('echo', args) })).body))).toMatchObject({
      error: { code: -32602 },
    });
  }
  expect((await send(url, { body: callOf('echo', { text: 'a' }) })).status).toBe(200);
  await served.stderr(/"decision":"executed"/);
  const events = served.output().stderr.match(/"event":"tool_call".*/g) ?? [];
  expect(events).toHaveLength(5);
  for (const event of events.slice(0, 4)) {
    expect(event).toMatch(/"tool":"echo".*"decision":"refused","code":"INVALID_ARGUMENTS".*"executed":"no"/);
  }
});

/** What an answer says, whether it is JSON or the one event of a stream. */
function dataIn(body: string): string {
  return /^data: (.*)$/m.exec(body)?.[1] ?? body;
}

test('a body that is not called JSON is refused', async () => {
  const { url } = await startServedHttp();
  expect((await send(url, { headers: { 'content-type': 'text/plain' } })).status).toBe(415);
});

test('answers are not sniffed for another type', async () => {
  const { url } = await startServedHttp();
  expect((await send(url)).headers['x-content-type-options']).toBe('nosniff');
  expect((await send(new URL('/other', url))).headers['x-content-type-options']).toBe('nosniff');
});

test('health says that the process lives, readiness that it can do its work', async () => {
  const { url, served } = await startServedHttp();
  expect((await send(new URL('/healthz', url), { method: 'GET', body: '' })).status).toBe(200);
  expect((await send(new URL('/readyz', url), { method: 'GET', body: '' })).status).toBe(200);
  const slow = send(url, { body: callOf('slow', { text: 'done' }) });
  await served.stderr(/slow began/);
  served.child.kill('SIGTERM');
  expect((await slow).body).toContain('done');
  expect(await served.exited).toBe(0);
});

test('a client that never finishes its headers is cut off', async () => {
  const { url } = await startServedHttp();
  const socket = connectSocket(Number(url.port), url.hostname);
  socket.write('POST /mcp HTTP/1.1\r\nHost: localhost\r\n');
  const received = await new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  expect(received).toContain('408');
});

test('HTTP without authentication starts only when asked to, and only on this machine', async () => {
  const bare = startServed(['--transport', 'http']);
  expect(await bare.exited).toBe(2);
  expect(bare.output().stderr).toContain('--insecure-local');
  const open = startServed(['--transport', 'http', '--insecure-local', '--host', '0.0.0.0']);
  expect(await open.exited).toBe(2);
  expect(open.output().stderr).toContain('127.0.0.1');
});
