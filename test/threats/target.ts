/** The server that is attacked: a generated project, started as a process of its own, with everything around it real. */
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import { StreamableHTTPClientTransport, type Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

import { createProject, readTree, REPOSITORY } from '../../scripts/fixture-projects.ts';
import { AUDIENCE, startIssuer, type Issuer } from '../kernel/auth/issuer.ts';
import { newClient, servedEnvironment, startServed, type Served } from '../kernel/transport/process.ts';
import { startUpstream, type Reply, type Upstream } from '../kernel/upstream/loopback.ts';
import { SECRETS } from './canaries.ts';

const SOURCES = join(REPOSITORY, 'fixtures/threats');

let directory = '';

/** Makes the project before the tests of a file, and removes it after them. Returns where it is. */
export function useProject(): () => string {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'threats-'));
    await symlink(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'));
    const manifest = await readFile(join(SOURCES, 'hardened-mcp.yaml'), 'utf8');
    const files = [...(await readTree(join(SOURCES, 'src')))].map(([path, text]) => [`src/${path}`, text]);
    await createProject(directory, { manifest, userFiles: Object.fromEntries(files) });
  }, 60_000);
  afterAll(() => rm(directory, { recursive: true, force: true }));
  return () => directory;
}

/** What upstreams answer by default; it is a token, too. */
export const FINE: Reply = {
  status: 200,
  body: { text: 'fine', access_token: SECRETS.GRANTED_TOKEN, token_type: 'Bearer', expires_in: 300 },
};

export interface Target {
  readonly issuer: Issuer;
  /** All upstreams are this one. */
  readonly upstream: Upstream;
  readonly environment: Readonly<Record<string, string>>;
}

export async function setTarget(
  changes: Readonly<Record<string, string>> = {},
  ...replies: readonly Reply[]
): Promise<Target> {
  const issuer = await startIssuer();
  const [first = FINE, ...more] = replies;
  const upstream = await startUpstream(first, ...more);
  const { GRANTED_TOKEN: _, ...secrets } = SECRETS;
  const environment = servedEnvironment({
    ...secrets,
    MCP_SCOPES: 'write pay operate',
    MCP_ROLES: 'manager',
    MCP_SUBJECT: 'ada',
    MCP_TENANT: 'acme',
    MCP_WRITES: 'enabled',
    TARGET_ISSUER: issuer.url,
    TARGET_AUDIENCE: AUDIENCE,
    API_URL: upstream.url.origin,
    TOKEN_URL: `${upstream.url.origin}/token`,
    ...changes,
  });
  return { issuer, upstream, environment };
}

export interface Started {
  readonly url: URL;
  readonly served: Served;
}

/** How Node.js runs the server. */
export interface RunOptions {
  /** Relative to the project. */
  readonly script?: string;
  readonly nodeFlags?: string;
}

/** Over HTTP. */
export async function startHttp({ environment }: Target, { script = 'src/index.ts', nodeFlags = '' }: RunOptions = {}) {
  const variables = { ...environment, NODE_OPTIONS: nodeFlags };
  const served = startServed(['--transport', 'http'], variables, join(directory, script));
  const [, address] = /listening on (http:\/\/\S+?\/mcp)/.exec(await served.stderr(/listening on /)) ?? [];
  if (address === undefined) throw new Error('it does not say where it listens');
  return { url: new URL(address), served } satisfies Started;
}

export async function connectHttp({ url }: Started, token: string): Promise<Client> {
  const client = newClient('modern');
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

/** A client, and its server. */
export interface Session {
  readonly client: Client;
  /** Ends both. Returns all that the server said on standard error. */
  end(): Promise<string>;
}

export async function connectStdio(
  { environment }: Pick<Target, 'environment'>,
  { script = 'src/index.ts', nodeFlags = '' }: RunOptions = {},
): Promise<Session> {
  const client = newClient('modern');
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(directory, script), '--transport', 'stdio'],
    env: { ...environment, NODE_OPTIONS: nodeFlags },
    stderr: 'pipe',
  });
  const log = transport.stderr instanceof Readable ? text(transport.stderr) : Promise.resolve('');
  await client.connect(transport);
  const end = async (): Promise<string> => {
    await client.close();
    return log;
  };
  onTestFinished(async () => void (await end()));
  return { client, end };
}

/** On either transport, with all rights but `operate`. */
export async function connect(transport: 'stdio' | 'http', target: Target, options: RunOptions = {}): Promise<Session> {
  if (transport === 'stdio') return connectStdio(target, options);
  const started = await startHttp(target, options);
  const token = await target.issuer.sign({ org: 'acme', scope: 'write pay', roles: ['manager'] });
  return { client: await connectHttp(started, token), end: () => endHttp(started) };
}

export async function endHttp({ served }: Started): Promise<string> {
  served.child.kill('SIGTERM');
  await served.exited;
  return served.output().stderr;
}

/** Everything that the store has on disk. */
export async function readStore({ environment }: Target): Promise<string> {
  const path = environment['MCP_STORE_PATH'] ?? '';
  const names = await readdir(join(path, '..'));
  const files = names.filter((name) => name.startsWith('store.sqlite')).map((name) => join(path, '..', name));
  return (await Promise.all(files.map((file) => readFile(file, 'latin1')))).join('\n');
}
