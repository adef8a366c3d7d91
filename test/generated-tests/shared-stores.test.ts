/** Projects that keep their operations in a server of their own, against the real one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { describe, expect, onTestFinished, test } from 'vitest';

import {
  postgresMissing,
  postgresPlace,
  redisMissing,
  redisPlace,
  type Place,
} from '../kernel/idempotency/services.ts';
import { compileProject, createProject, runTests, type Project } from './project.ts';

interface SharedStore {
  readonly name: 'postgres' | 'redis';
  readonly missing: string;
  readonly place: () => Promise<Place>;
}

const stores: readonly SharedStore[] = [
  { name: 'postgres', missing: postgresMissing, place: postgresPlace },
  { name: 'redis', missing: redisMissing, place: redisPlace },
];

for (const { name, missing, place } of stores) {
  describe.skipIf(missing !== '')(`billing on ${name}${missing}`, () => {
    test('compiles, and passes the tests that it was generated with', { timeout: 120_000 }, async () => {
      const [project, { url }] = await Promise.all([billingOn(name), freshPlace(place)]);
      expect(await compileProject(project)).toBe('');
      expect(await runTests(project, undefined, { MCP_TEST_STORE_URL: url })).toMatchObject({
        passed: true,
        failed: [],
        skipped: [],
      });
    });

    test('gives one effect to a call that reaches two servers, one after the other or at once', async () => {
      const [project, { url }] = await Promise.all([billingOn(name), freshPlace(place)]);
      const upstream = await startUpstream();
      const environment = { MCP_STORE_URL: url, BILLING_API_URL: upstream.url };
      const [first, second] = await Promise.all([connect(project, environment), connect(project, environment)]);

      const refund = { invoice_id: 'inv_4821abcd', amount_cents: 1250, reason: 'duplicate' };
      expect(await effectOf(first, refund)).toEqual({ id: 'ref_1', replayed: false });
      expect(await effectOf(second, refund)).toEqual({ id: 'ref_1', replayed: true });
      expect(upstream.effects).toBe(1);

      const other = { ...refund, reason: 'damaged' };
      const calls = Array.from({ length: 20 }, (_, index) => effectOf(index % 2 === 0 ? first : second, other));
      const answers = await Promise.all(calls);
      expect(answers.filter((answer) => 'id' in answer && !answer.replayed)).toHaveLength(1);
      expect(upstream.effects).toBe(2);
    });
  });
}

test.each(['postgres', 'redis'] as const)(
  'billing on %s tests itself in memory where nobody names a store',
  async (name) => {
    const project = await billingOn(name);
    const inMemory = (file: string) => runTests(project, { file, title: '.*' }, { MCP_TEST_STORE_URL: undefined });
    expect(await inMemory('server.test.ts')).toMatchObject({ passed: true, failed: [], skipped: [] });
    const refund = await inMemory('issue_refund.test.ts');
    expect(refund).toMatchObject({ passed: true, failed: [] });
    expect(refund.skipped).toEqual(['is sent again under the same key after the server was killed']);
  },
  60_000,
);

async function billingOn(store: SharedStore['name']): Promise<Project> {
  const project = await createProject('billing', (manifest) => manifest.replace('store: sqlite', `store: ${store}`));
  onTestFinished(() => project.remove());
  return project;
}

async function freshPlace(make: () => Promise<Place>): Promise<Place> {
  const place = await make();
  onTestFinished(() => place.remove());
  return place;
}

/** Every invoice is paid. Refunds whatever it is asked to, and counts. */
async function startUpstream() {
  let effects = 0;
  const server = createServer(async (request, response) => {
    const answer = (data: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
    if (request.method === 'GET') return answer({ status: 'paid' });
    const chunks = await request.toArray();
    const { amount, reason } = JSON.parse(Buffer.concat(chunks).toString());
    effects += 1;
    return answer({
      id: `ref_${effects}`,
      invoice_id: 'inv_4821abcd',
      amount_cents: amount,
      reason,
      status: 'pending',
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  // A server that listens on a TCP port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    get effects() {
      return effects;
    },
  };
}

/** A client of a server process of its own. */
async function connect(project: Project, environment: Readonly<Record<string, string>>): Promise<Client> {
  const child = spawn(process.execPath, ['src/index.ts', '--transport', 'http', '--insecure-local'], {
    cwd: project.path,
    env: {
      PATH: process.env['PATH'],
      MCP_HTTP_PORT: '0',
      MCP_SCOPES: 'refunds:write',
      MCP_WRITES: 'enabled',
      BILLING_API_TOKEN: 'not-a-secret',
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(await addressOf(child.stderr)));
  onTestFinished(() => client.close());
  return client;
}

async function addressOf(stderr: NodeJS.ReadableStream): Promise<URL> {
  const said: string[] = [];
  for await (const line of createInterface(stderr)) {
    const [, address] = /listening on (http:\/\/[^\s"]+)/.exec(line) ?? [];
    if (address !== undefined) {
      stderr.resume();
      return new URL(address);
    }
    said.push(line);
  }
  throw new Error(`the server ended:\n${said.join('\n')}`);
}

interface Refund {
  readonly id: string;
}

async function effectOf(client: Client, refund: Readonly<Record<string, unknown>>) {
  const answer = await client.callTool({ name: 'issue_refund', arguments: refund });
  if (answer.isError === true) return { error: answer.content };
  // The tool's output schema says so.
  const { id } = answer.structuredContent as unknown as Refund;
  return { id, replayed: answer._meta?.['hardened-mcp/replayed'] === true };
}
