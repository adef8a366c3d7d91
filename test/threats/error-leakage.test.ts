/** Whatever is thrown, and whoever throws it: what it says of a secret reaches no reply, log, audit, store or upstream. */
import { join } from 'node:path';

import type { CallToolResult, Client } from '@modelcontextprotocol/client';
import { expect, test } from 'vitest';

import { startServed } from '../kernel/transport/process.ts';
import type { Reply } from '../kernel/upstream/loopback.ts';
import { DSN_PASSWORD, findSecrets, SECRETS } from './canaries.ts';
import { connect, connectHttp, readStore, setTarget, startHttp, useProject } from './target.ts';

const project = useProject();

/** Each with a tool that comes by it. */
const SEAMS = [
  ['handler', 'echo'],
  ['writing handler', 'relay'],
  ['quoting handler', 'relay'],
  ['validators', 'note'],
  ['validator', 'note'],
  ['prepare', 'look'],
  ['prepare', 'note'],
  ['send', 'look'],
  ['send', 'note'],
  ['provider', 'by_vault'],
  ['store begin', 'note'],
  ['store markSent', 'note'],
  ['store recordOutcome', 'note'],
  ['lost store begin', 'note'],
  ['lost store markSent', 'note'],
  ['lost store recordOutcome', 'note'],
  ['store findById', 'get_operation_status'],
] as const;

/** What a provider or a store that is gone says is not even logged. */
const isLogged = (seam: string): boolean => seam !== 'provider' && !seam.startsWith('lost');

async function failEverywhere(client: Client): Promise<readonly CallToolResult[]> {
  const replies: CallToolResult[] = [];
  for (const [index, [seam, name]] of SEAMS.entries()) {
    await client.callTool({ name: 'arm', arguments: { seam } });
    const [operation_id] = /op_[0-9a-f]{32}/.exec(JSON.stringify(replies)) ?? [];
    const args: Readonly<Record<string, object>> = {
      by_vault: {},
      look: { id: 'a' },
      get_operation_status: { operation_id },
    };
    replies.push(await client.callTool({ name, arguments: { ...(args[name] ?? { text: `${index}` }) } }));
  }
  return replies;
}

/** One that looks like a secret, and one that looks like nothing. */
const THROWN = [DSN_PASSWORD, SECRETS.API_TOKEN];
const SHOWN = 'no answer from postgres://[secret]@db.example:5432/app to [secret]';

test.each(['stdio', 'http'] as const)(
  'what is thrown of secrets at any seam is told to nobody (%s)',
  async (transport) => {
    const target = await setTarget({}, { status: 200, body: { text: 'fine', note: `no ${SECRETS.API_TOKEN} here` } });
    const { client, end } = await connect(transport, target, { script: 'src/faulty.ts' });
    const replies = await failEverywhere(client);
    const failed = replies.map(({ isError }, index) => `${SEAMS[index]?.join(' of ')}: ${isError === true}`);
    expect(failed).toEqual(SEAMS.map((seam) => `${seam.join(' of ')}: ${seam[0] !== 'lost store recordOutcome'}`));
    const log = await end();
    const requests = JSON.stringify(target.upstream.received.map(({ url, body }) => ({ url, body })));
    const places = { replies: JSON.stringify(replies), log, requests, store: await readStore(target) };
    expect(findSecrets(places, THROWN)).toEqual([]);
    // What failed is in the log, without the secret: so it was looked for where it would be.
    const logged = SEAMS.filter(([seam]) => log.includes(`${seam}: ${SHOWN}`));
    expect(logged).toEqual(SEAMS.filter(([seam]) => isLogged(seam)));
    expect(log.includes('The credential provider of the upstream vault gave no token')).toBe(true);
  },
);

test.each([
  ['a timer', 'timer'],
  ['an event that nobody hears', 'event'],
])('what comes of %s is logged as all else, and ends the process', async (_, seam) => {
  const target = await setTarget();
  const started = await startHttp(target, { script: 'src/faulty.ts' });
  const client = await connectHttp(started, await target.issuer.sign({ org: 'acme' }));
  await client.callTool({ name: 'arm', arguments: { seam } });
  await client.callTool({ name: 'echo', arguments: { text: 'a' } }).catch(() => {});
  expect(await started.served.exited).toBe(1);
  const { stdout, stderr } = started.served.output();
  expect(findSecrets({ stdout, stderr }, THROWN)).toEqual([]);
  const lines = stderr.trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ level: 'error', error: `Error: ${seam}: ${SHOWN}` });
});

test.each([
  ['a store that cannot be opened', 'store open', 2],
  ['a transport that fails', 'stdio', 1],
])('%s ends the start without what it said of secrets', async (_, seam, code) => {
  const { environment } = await setTarget({ ARMED: seam });
  const served = startServed(['--transport', 'stdio'], { ...environment }, join(project(), 'src/faulty.ts'));
  expect(await served.exited).toBe(code);
  const { stdout, stderr } = served.output();
  expect(stderr).toContain(`${seam}: ${SHOWN}`);
  expect(findSecrets({ stdout, stderr }, THROWN)).toEqual([]);
});

test('an audit file that cannot be written is named in the log, and ends no call', async () => {
  const target = await setTarget({ MCP_AUDIT_FILE: '/dev/full' });
  const { client, end } = await connect('stdio', target);
  expect(await client.callTool({ name: 'note', arguments: { text: 'a' } })).toMatchObject({
    structuredContent: { text: 'fine' },
  });
  expect(/An audit event was not delivered/.test(await end())).toBe(true);
});

const UNTRUSTED = `no answer from ${SECRETS.CANARY_DSN}`;

const SAYINGS: readonly Reply[] = [
  { status: 500, body: { error: UNTRUSTED } },
  { status: 422, body: UNTRUSTED },
  { status: 429, headers: { 'retry-after': UNTRUSTED, 'www-authenticate': UNTRUSTED } },
  { status: 302, headers: { location: SECRETS.CANARY_DSN } },
  { status: 200, body: `{"text": ${UNTRUSTED}` },
  { status: 200, body: { text: 1, [UNTRUSTED]: UNTRUSTED } },
  { status: 200, body: { text: 'a', secret: UNTRUSTED } },
];

test('what an upstream says besides its result is told to nobody, however it says it', async () => {
  const target = await setTarget({}, ...SAYINGS);
  const { client, end } = await connect('stdio', target);
  const replies: CallToolResult[] = [];
  for (const index of SAYINGS.keys()) {
    replies.push(await client.callTool({ name: 'note', arguments: { text: `${index}` } }));
  }
  expect(target.upstream.received).toHaveLength(SAYINGS.length);
  expect(replies.map(({ isError }) => isError === true)).toEqual([...Array(SAYINGS.length - 1).fill(true), false]);
  const places = { replies: JSON.stringify(replies), log: await end(), store: await readStore(target) };
  expect(findSecrets(places, [DSN_PASSWORD])).toEqual([]);
});
