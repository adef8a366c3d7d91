/** Whoever says who calls, or gives credentials, is asked as upstreams are: nowhere else, and no more than it takes. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { IssuerUnavailable } from '../../../templates/kernel/auth/access-token.ts';
import { askIssuer } from '../../../templates/kernel/auth/ask-issuer.ts';
import { introspection } from '../../../templates/kernel/auth/introspection.ts';
import { readJwts } from '../../../templates/kernel/auth/jwt.ts';
import { Environment } from '../../../templates/kernel/config/environment.ts';
import { Secret } from '../../../templates/kernel/config/secret.ts';
import type { Reach } from '../../../templates/kernel/settings.ts';
import { requestToken } from '../../../templates/kernel/upstream/credentials/token-endpoint.ts';
import { CredentialUnavailable } from '../../../templates/kernel/upstream/credentials/unavailable.ts';
import { startIssuer } from '../auth/issuer.ts';
import { answerLookups } from './resolver.ts';

vi.mock('node:dns', async () => ({ lookup: (await import('./resolver.ts')).lookup }));

beforeEach(() => answerLookups(['127.0.0.1']));

const AUDIENCE = 'https://mcp.example/mcp';

/** On this machine. `connections`: how many there were. */
async function startCounted(answer: RequestListener) {
  let connections = 0;
  const server = createServer(answer);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return { port, connections: () => connections };
}

/** Asks at this URL for what each of them asks for. */
const ASKED: readonly (readonly [what: string, ask: (url: string, reach: Reach) => Promise<unknown>])[] = [
  ['metadata and keys', async (url, reach) => readJwts({ issuer: url, audience: AUDIENCE }, { reach })(await aToken())],
  [
    'introspection',
    (url, reach) =>
      introspection.readSettings(
        {
          issuer: { value: url },
          audience: { value: AUDIENCE },
          claims: {},
          ...(reach === 'private' && { addresses: 'private' }),
          introspection: { url: { value: url }, clientId: { value: 'a' }, clientSecret: { secret: 'SECRET' } },
        },
        new Environment({ SECRET: 'secret' }),
        { issuer: url, audience: AUDIENCE },
      )('token'),
  ],
  [
    'tokens for upstreams',
    (url, reach) =>
      requestToken(
        {
          url: new URL(url),
          reach,
          timeoutMs: 5_000,
          clientId: 'a',
          clientSecret: new Secret(() => 'secret'),
        },
        { grantType: 'client_credentials', parameters: {}, scopes: undefined },
      ),
  ],
];

async function aToken(): Promise<string> {
  const { sign } = await startIssuer();
  return sign();
}

async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => new Error('it was answered'),
    (reason: unknown) => reason,
  );
  expect([IssuerUnavailable, CredentialUnavailable].some((kind) => error instanceof kind)).toBe(true);
  return error as Error;
}

for (const [what, ask] of ASKED) {
  test.each([
    [['127.0.0.1']],
    [['10.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['::ffff:169.254.169.254']],
    [['169.254.169.254']],
  ] as const)(`${what}: a public name that leads to %j is not connected to`, async (addresses) => {
    const { port, connections } = await startCounted((_, response) => response.end('{}'));
    answerLookups(addresses);
    // Nothing says whether TLS would have come about: there is no connection.
    const error = await failureOf(ask(`https://issuer.example:${port}`, 'public'));
    expect(`${error.message} ${String(Reflect.get(error, 'body')?.code)}`).toMatch(/not connected to|ADDRESS_REFUSED/);
    expect(connections()).toBe(0);
  });

  test.each(['private', 'public'] as const)(
    `${what}: no reach (%s) leads to the metadata of a cloud`,
    async (reach) => {
      const asking = ['https://169.254.169.254/', 'https://[fd00:ec2::254]/', 'https://2852039166/'];
      for (const url of asking) {
        const error = await failureOf(ask(url, reach));
        expect(`${error.message} ${String(Reflect.get(error, 'body')?.code)}`).toMatch(/not connected|ADDRESS_REFUSED/);
      }
    },
  );

  test(`${what}: a redirect leads nowhere`, async () => {
    const target = await startCounted((_, response) => response.end('{"active":true}'));
    for (const location of [`http://127.0.0.1:${target.port}/`, 'http://169.254.169.254/latest/meta-data/']) {
      const { port, connections } = await startCounted((_, response) =>
        response.writeHead(307, { location }).end('{"active":true}'),
      );
      await failureOf(ask(`http://127.0.0.1:${port}`, 'this-machine'));
      expect(connections()).toBeGreaterThan(0);
    }
    expect(target.connections()).toBe(0);
  });

  test(`${what}: what answers too much is not read to its end`, async () => {
    let isCutOff = false;
    const { port } = await startCounted((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const send = (): void =>
        void (response.write('"x'.repeat(50_000)) ? setImmediate(send) : response.once('drain', send));
      response.once('close', () => (isCutOff = true));
      send();
    });
    await failureOf(ask(`http://127.0.0.1:${port}`, 'this-machine'));
    await expect.poll(() => isCutOff).toBe(true);
  });
}

test('a name that leads elsewhere from one request to the next is refused then', async () => {
  const { port, connections } = await startCounted((_, response) => response.end('{}'));
  answerLookups(['127.0.0.1'], ['169.254.169.254']);
  const question = { url: new URL(`http://issuer.example:${port}`), reach: 'private' } as const;
  const form = { authorization: 'Basic x', fields: {} };
  expect(await askIssuer({ ...question, form })).toMatchObject({ status: 200 });
  const later = { ...question, url: new URL(`http://issuer2.example:${port}`) };
  await expect(askIssuer(later)).rejects.toThrow('not connected to');
  expect(connections()).toBe(1);
});

test.each(['https://169.254.169.254/keys', 'https://keys.example/keys'])(
  'keys are not fetched from where the issuer may not be: %s',
  async (uri) => {
    const issuer = await startIssuer();
    answerLookups(['10.0.0.1']);
    issuer.publish({ jwks_uri: uri });
    const read = readJwts({ issuer: issuer.url, audience: AUDIENCE }, { reach: 'this-machine' });
    await expect(read(await issuer.sign())).rejects.toThrow('not connected to');
  },
);

test('keys are not taken out of an answer that is too large', async () => {
  const issuer = await startIssuer();
  const { port } = await startCounted((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: [issuer.publicKey()], more: 'x'.repeat(300_000) }));
  });
  issuer.publish({ jwks_uri: `http://127.0.0.1:${port}/` });
  const read = readJwts({ issuer: issuer.url, audience: AUDIENCE }, { reach: 'this-machine' });
  await expect(read(await issuer.sign())).rejects.toThrow('too much');
});

test('an issuer that begins to answer and does not end is given up', async () => {
  const { port } = await startCounted((_, response) => response.writeHead(200).write('{'));
  await expect(askIssuer({ url: new URL(`http://127.0.0.1:${port}`), reach: 'this-machine' })).rejects.toThrow(
    IssuerUnavailable,
  );
}, 30_000);
