/** Servers under the flags of their own script `start:hardened`: every store, both transports, each way to sign in. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { StreamableHTTPClientTransport, type Client } from '@modelcontextprotocol/client';
import { describe, expect, onTestFinished, test } from 'vitest';

import { RESOURCE } from '../kernel/credentials/issuer.ts';
import {
  postgresMissing,
  postgresPlace,
  redisMissing,
  redisPlace,
  type Place,
} from '../kernel/idempotency/services.ts';
import { newClient, startNode, type Served } from '../kernel/transport/process.ts';
import { parseDockerfile, stepOf } from '../render/parse-dockerfile.ts';
import { buildHardened, connectStdio, type Environment, type HardenedProject } from './hardened-project.ts';
import { startWorld } from './hardened-world.ts';

const OAUTH = 'auth: { type: oauth, issuer: { env: MCP_ISSUER }, audience: { env: MCP_AUDIENCE }';
const INTROSPECTION =
  'introspection: { url: { env: INTROSPECTION_URL }, clientId: { env: INTROSPECTION_ID }, clientSecret: { secret: INTROSPECTION_SECRET } }';
const SIGN_IN = { none: 'auth: { type: none }', jwt: `${OAUTH} }`, opaque: `${OAUTH}, ${INTROSPECTION} }` } as const;
const CREDENTIALS = {
  bearer: '{ type: bearer, token: { secret: BILLING_API_TOKEN } }',
  client: `{ type: oauth-client-credentials, tokenUrl: { env: TOKEN_URL }, clientId: connector, clientSecret: { secret: TOKEN_SECRET }, resource: ${RESOURCE} }`,
} as const;

interface Case {
  readonly store: 'sqlite' | 'postgres' | 'redis' | 'memory';
  readonly signIn: keyof typeof SIGN_IN;
  readonly credential: keyof typeof CREDENTIALS;
  readonly missing?: string;
  /** Where the store is a server of its own. */
  readonly place?: () => Promise<Place>;
}

const cases: readonly Case[] = [
  { store: 'sqlite', signIn: 'none', credential: 'bearer' },
  { store: 'memory', signIn: 'opaque', credential: 'client' },
  { store: 'postgres', signIn: 'jwt', credential: 'client', missing: postgresMissing, place: postgresPlace },
  { store: 'redis', signIn: 'jwt', credential: 'bearer', missing: redisMissing, place: redisPlace },
];

for (const { store, signIn, credential, missing = '', place } of cases) {
  describe.skipIf(missing !== '')(`on ${store}${missing}`, () => {
    test(`with ${credential} credentials it works over stdio, and over HTTP with ${signIn} sign-in`, async () => {
      const project = await buildHardened((manifest) =>
        manifest
          .replace('store: sqlite', `store: ${store}`)
          .replace(/^auth: .*/m, SIGN_IN[signIn])
          .replace(CREDENTIALS.bearer, CREDENTIALS[credential]),
      );
      onTestFinished(() => project.remove());
      const [world, kept] = await Promise.all([startWorld(), place?.()]);
      onTestFinished(() => kept?.remove());
      const environment = { ...world.environment, ...(kept !== undefined && { MCP_STORE_URL: kept.url }) };

      await expectWork(await connectStdio(project, environment), 'duplicate');
      const { served, url } = await startHttp(project, environment, signIn === 'none' ? ['--insecure-local'] : []);
      await expectWork(await connectHttp(url, signIn === 'none' ? undefined : world.token[signIn]), 'damaged');
      expect(world.refunds()).toBe(2);
      expect(new Set(world.credentials).has('Bearer a-bearer-token')).toBe(credential === 'bearer');

      const asked = signIn === 'none' ? undefined : await healthCheck(project);
      expect(asked && (await asked(url.port))).toBe(asked && 0);

      served.child.kill('SIGTERM');
      expect(await served.exited).toBe(0);
      expect(asked && (await asked(url.port))).toBe(asked && 1);
      expect(served.output().stderr).not.toMatch(/ERR_|Error:|read only|Cannot assign/);
    }, 90_000);
  });
}

const INVOICE = { invoice_id: 'inv_4821abcd' };

/** A read, a write, the write again, and one that is refused. */
async function expectWork(client: Client, reason: string): Promise<void> {
  const refund = { ...INVOICE, amount_cents: 1_250, reason };
  const call = (name: string, args: Record<string, unknown>) => client.callTool({ name, arguments: args });
  expect(await call('get_invoice', INVOICE)).toMatchObject({ structuredContent: { status: 'paid' } });
  expect(await call('issue_refund', refund)).toMatchObject({ structuredContent: { id: 'ref_1', reason } });
  expect(await call('issue_refund', refund)).toMatchObject({ _meta: { 'hardened-mcp/replayed': true } });
  expect(await call('issue_refund', { ...refund, amount_cents: 'all' })).toMatchObject({ isError: true });
}

async function startHttp(
  { path, flags }: HardenedProject,
  environment: Environment,
  own: readonly string[],
): Promise<{ readonly served: Served; readonly url: URL }> {
  const args = [...flags, 'dist/index.js', '--transport', 'http', ...own];
  const served = startNode(args, { environment: { ...environment }, cwd: path });
  const [, address] = /listening on (http:\/\/\S+?\/mcp)/.exec(await served.stderr(/listening on /)) ?? [];
  if (address === undefined) throw new Error('it does not say where it listens');
  return { served, url: new URL(address) };
}

async function connectHttp(url: URL, token: string | undefined): Promise<Client> {
  const client = newClient('modern');
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

/** What its Dockerfile says: the exit code, for a server that listens on this port. */
async function healthCheck({ path }: HardenedProject): Promise<(port: string) => Promise<number | null>> {
  const check = stepOf(parseDockerfile(await readFile(join(path, 'Dockerfile'), 'utf8')).at(-1), 'HEALTHCHECK');
  const [, ...args] = JSON.parse(check.text.replace(/^CMD /, '')) as string[];
  return (port) => startNode(args, { environment: { MCP_HTTP_PORT: port } }).exited;
}
