/** Each credential reaches the upstream that it is for, in its own header, and nothing else that can be read. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { startServed } from '../kernel/transport/process.ts';
import { findSecrets, SECRETS } from './canaries.ts';
import { connect, connectStdio, readStore, setTarget, useProject } from './target.ts';

const project = useProject();

const { CANARY_DSN: _, ...CREDENTIALS } = SECRETS;
const SECRET_VALUES = Object.values(CREDENTIALS);

const CALLS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  look: { id: 'a', note: 'b' },
  note: { text: 'a' },
  relay: { text: 'a' },
  pay: { to: 'bo', cents: 5 },
  by_key: {},
  by_password: {},
  by_grant: {},
  by_vault: {},
  echo: { text: 'a' },
};

const basic = (user: string, password: string): string => Buffer.from(`${user}:${password}`).toString('base64');

/** Where each belongs; and the token endpoint answers with one. */
const BELONGS = {
  '/v1/things/a/parts': { authorization: `Bearer ${SECRETS.API_TOKEN}` },
  '/v1/notes': { authorization: `Bearer ${SECRETS.API_TOKEN}` },
  '/v1/relayed': { authorization: `Bearer ${SECRETS.API_TOKEN}` },
  '/by-key': { 'x-api-key': SECRETS.KEYED_KEY },
  '/by-password': { authorization: `Basic ${basic('target', SECRETS.NAMED_PASSWORD)}` },
  '/token': { authorization: `Basic ${basic('target', SECRETS.GRANTED_SECRET)}` },
  '/by-grant': { authorization: `Bearer ${SECRETS.GRANTED_TOKEN}` },
  '/by-vault': { authorization: `Bearer ${SECRETS.VAULT_TOKEN}` },
};

test.each(['stdio', 'http'] as const)('each secret is where it belongs, and nowhere else (%s)', async (transport) => {
  const target = await setTarget();
  const auditFile = join(target.environment['MCP_STORE_PATH'] ?? '', '../audit.jsonl');
  const { client, end } = await connect(transport, {
    ...target,
    environment: { ...target.environment, MCP_AUDIT_FILE: auditFile },
  });
  const replies: unknown[] = [await client.listTools()];
  for (const [name, args] of Object.entries(CALLS)) {
    for (const change of [{}, { more: true }]) {
      const call = { name, arguments: { ...args, ...change } };
      replies.push(await client.callTool(call, { allowInputRequired: true }));
    }
  }
  const { received } = target.upstream;
  for (const [path, headers] of Object.entries(BELONGS)) {
    const arrived = received.find(({ url }) => url.startsWith(path));
    expect({ path, headers: arrived?.headers }).toMatchObject({ path, headers });
  }
  const others = received.map(({ url, method, body, headers }) => {
    const own = new Set(Object.keys(Object.entries(BELONGS).find(([path]) => url.startsWith(path))?.[1] ?? {}));
    return { url, method, body, headers: Object.entries(headers).filter(([name]) => !own.has(name)) };
  });
  const places = {
    replies: JSON.stringify(replies),
    log: await end(),
    audit: await readFile(auditFile, 'utf8'),
    store: await readStore(target),
    upstream: JSON.stringify(others),
  };
  expect(findSecrets(places, SECRET_VALUES)).toEqual([]);
  // The search finds them where they are, encoded or not.
  const kept = new Set<string>([SECRETS.MCP_AUDIT_KEY, SECRETS.MCP_REQUEST_STATE_SECRET]);
  const sent = SECRET_VALUES.filter((secret) => !kept.has(secret));
  expect(findSecrets({ sent: JSON.stringify(received) }, SECRET_VALUES)).toEqual(
    sent.map((secret) => `sent: ${secret}`),
  );
  expect(places.audit).toContain('"tool":"pay"');
  expect(places.store).toContain('pay');
});

test('a secret whose file turns into what no header can carry is quoted by nobody', async () => {
  const target = await setTarget();
  const file = `${target.environment['MCP_STORE_PATH']}.key`;
  await writeFile(file, 'first-key');
  const { KEYED_KEY: _key, ...environment } = target.environment;
  const { client, end } = await connectStdio({ environment: { ...environment, KEYED_KEY_FILE: file } });
  await client.callTool({ name: 'by_key', arguments: {} });
  await writeFile(file, `${SECRETS.KEYED_KEY}\nand more`);
  const refused = await client.callTool({ name: 'by_key', arguments: {} });
  await writeFile(file, 'third-key');
  await client.callTool({ name: 'by_key', arguments: {} });
  expect(JSON.stringify(refused)).toContain('UPSTREAM_CREDENTIAL_UNREADABLE');
  expect(target.upstream.received.map(({ headers }) => headers['x-api-key'])).toEqual(['first-key', 'third-key']);
  expect(findSecrets({ reply: JSON.stringify(refused), log: await end() }, [SECRETS.KEYED_KEY])).toEqual([]);
});

test('a server that cannot start says which secrets are wrong, and nothing of what they hold', async () => {
  const { environment } = await setTarget({ API_TOKEN: `${SECRETS.API_TOKEN}\nmore`, MCP_AUDIT_KEY: 'canaryShort' });
  const served = startServed(['--transport', 'stdio'], { ...environment }, join(project(), 'src/index.ts'));
  expect(await served.exited).toBe(2);
  const { stdout, stderr } = served.output();
  expect(stderr).toMatch(/API_TOKEN holds a line break[^]*MCP_AUDIT_KEY holds/);
  expect(findSecrets({ stdout, stderr }, [...SECRET_VALUES, 'canaryShort'])).toEqual([]);
});
