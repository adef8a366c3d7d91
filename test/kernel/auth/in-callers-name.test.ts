/** A server whose upstream is called in the name of whoever signed in, over the wire. */
import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { startIssuer as startTokenIssuer, CLIENT_SECRET } from '../credentials/issuer.ts';
import { errorIn } from '../transport/process.ts';
import { startUpstream } from '../upstream/loopback.ts';
import { startIssuer } from './issuer.ts';
import { callOf, connectStdio, environmentFor, send, startSignedIn } from './signed-in.ts';

const exchangeAt = (tokenUrl: string) => ({ EXCHANGE: 'yes', LEDGER_TOKEN_URL: tokenUrl, LEDGER_TOKEN: CLIENT_SECRET });

/** One issuer signs callers in, and exchanges their tokens. */
async function startInCallersName() {
  const issuer = await startTokenIssuer();
  const environment = { ...exchangeAt(issuer.tokenUrl), MCP_ISSUER: issuer.url };
  return { ...(await startSignedIn({ environment })), issuer };
}

test('reads, writes and handlers act in the name of their caller, whose token only the issuers see', async () => {
  const { url, issuer, ledger, served, storePath } = await startInCallersName();
  const [ann, bob] = [(await issuer.signIn('ann')).accessToken, (await issuer.signIn('bob')).accessToken];
  const answers = [];
  for (const token of [ann, bob, ann]) {
    for (const tool of ['balance', 'note', 'entries']) answers.push(await send(url, token, callOf(tool)));
  }
  expect(answers.map(({ body }) => body).join()).not.toContain('isError');
  expect(issuer.exchanged.map((one) => one['subject_token'])).toEqual([ann, bob]);
  const sent = ledger.received.map(({ headers }) => headers.authorization ?? '');
  const tokens = sent.map((authorization) => authorization.replace('Bearer ', ''));
  const told = await Promise.all(tokens.map(issuer.verify));
  expect(told.map(({ sub }) => sub)).toEqual(['ann', 'bob', 'ann'].flatMap((name) => [name, name, name]));
  for (const { act } of told) expect(act).toEqual({ sub: 'connector' });
  expect(new Set(tokens).size).toBe(2);
  served.child.kill('SIGTERM');
  await served.exited;
  const { stdout, stderr } = served.output();
  const shown = [JSON.stringify([answers, ledger.received]), stdout, stderr, readFileSync(storePath, 'latin1')];
  const secrets = [ann, bob].flatMap((token) => token.split('.').slice(1));
  for (const secret of [...secrets, CLIENT_SECRET]) for (const text of shown) expect(text).not.toContain(secret);
  for (const token of tokens) for (const text of shown.slice(1)) expect(text).not.toContain(token);
}, 60_000);

test('a caller whom the issuer exchanges no token for is told so, without a word of it, and others call on', async () => {
  const { url, issuer, ledger, served, storePath } = await startInCallersName();
  const [ann, bob] = [(await issuer.signIn('ann')).accessToken, (await issuer.signIn('bob')).accessToken];
  issuer.accounts.delete('bob');
  for (const tool of ['balance', 'note', 'entries']) {
    const refused = await send(url, bob, callOf(tool));
    expect(refused.status).toBe(200);
    expect(refused.body).toContain('UPSTREAM_CREDENTIAL_NOT_ISSUED');
    for (const part of [...bob.split('.'), CLIENT_SECRET]) expect(refused.body).not.toContain(part);
    expect((await send(url, ann, callOf(tool))).body).not.toContain('isError');
  }
  expect(issuer.refused).toEqual(['invalid_request', 'invalid_request', 'invalid_request']);
  const told = ledger.received.map(({ headers }) =>
    issuer.verify((headers.authorization ?? '').replace('Bearer ', '')),
  );
  expect((await Promise.all(told)).map(({ sub }) => sub)).toEqual(['ann', 'ann', 'ann']);
  served.child.kill('SIGTERM');
  await served.exited;
  const { stdout, stderr } = served.output();
  const kept = [stdout, stderr, readFileSync(storePath, 'latin1')].join();
  for (const part of bob.split('.').slice(1)) expect(kept).not.toContain(part);
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
