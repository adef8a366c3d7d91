/** A server whose upstream is called in the name of whoever signed in, over the wire. */
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { startIssuer as startTokenIssuer, CLIENT_SECRET } from '../credentials/issuer.ts';
import { errorIn } from '../transport/process.ts';
import { startUpstream } from '../upstream/loopback.ts';
import { startIssuer } from './issuer.ts';
import { callOf, connectStdio, environmentFor, send, startSignedIn } from './signed-in.ts';

const ORG = { org: 'acme', scope: 'write extra' };
const exchangeAt = (tokenUrl: string) => ({ EXCHANGE: 'yes', LEDGER_TOKEN_URL: tokenUrl, LEDGER_TOKEN: CLIENT_SECRET });

test('reads, writes and handlers act in the name of their caller, whose token only the issuers see', async () => {
  const exchanging = await startTokenIssuer();
  const { url, issuer, ledger, served, storePath } = await startSignedIn({
    environment: exchangeAt(exchanging.tokenUrl),
  });
  const [ada, bo] = [await issuer.sign(ORG), await issuer.sign({ ...ORG, sub: 'bo' })];
  const answers = [];
  for (const token of [ada, bo, ada]) {
    for (const tool of ['balance', 'note', 'entries']) answers.push(await send(url, token, callOf(tool)));
  }
  expect(answers.map(({ body }) => body).join()).not.toContain('isError');
  expect(exchanging.exchanged.map((one) => one['subject_token'])).toEqual([ada, bo]);
  const sent = ledger.received.map(({ headers }) => headers.authorization ?? '');
  expect(sent).toHaveLength(9);
  expect(new Set(sent).size).toBe(2);
  expect(sent.slice(0, 3)).toEqual(sent.slice(6));
  for (const authorization of sent) {
    expect(await exchanging.look(authorization.replace('Bearer ', ''))).toMatchObject({ clientId: 'connector' });
  }
  served.child.kill('SIGTERM');
  await served.exited;
  const { stdout, stderr } = served.output();
  const shown = [JSON.stringify([answers, ledger.received]), stdout, stderr, readFileSync(storePath, 'latin1')];
  const secrets = [ada, bo].flatMap((token) => token.split('.').slice(1));
  for (const secret of [...secrets, CLIENT_SECRET]) for (const text of shown) expect(text).not.toContain(secret);
  const tokens = sent.map((authorization) => authorization.replace('Bearer ', ''));
  for (const token of tokens) for (const text of shown.slice(1)) expect(text).not.toContain(token);
}, 60_000);

test('on stdio, where nobody has a token, nothing is sent', async () => {
  const [exchanging, issuer, ledger] = [
    await startTokenIssuer(),
    await startIssuer(),
    await startUpstream({ status: 200, body: {} }),
  ];
  const client = await connectStdio(environmentFor(issuer, ledger, exchangeAt(exchanging.tokenUrl)), 'modern');
  for (const name of ['balance', 'note']) {
    expect(errorIn(await client.callTool({ name, arguments: {} }))).toMatchObject({
      code: 'UPSTREAM_CREDENTIAL_NEEDS_CALLER',
      retry: 'after_auth',
      executed: 'no',
    });
  }
  expect([exchanging.asked(), ledger.received]).toEqual([0, []]);
}, 60_000);
