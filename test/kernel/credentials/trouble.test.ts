import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { args } from '../../../templates/kernel/expression.ts';
import type { Settings } from '../../../templates/kernel/settings.ts';
import { run, toolOf } from '../pipeline/harness.ts';
import { findClosedPort, startSilentUpstream } from '../upstream/loopback.ts';
import { settingsAt, startApi } from './api.ts';
import { CLIENT_SECRET, startIssuer, type Interruption } from './issuer.ts';

const refund = { invoice_id: 'inv_1', amount: 5 };

/** A write without a key of its own: the outcome that is most easily unknown. */
function refundsWith({ upstreams }: Settings, deadlineMs = 20_000) {
  const idempotency = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' } as const;
  const { handler: _, ...tool } = toolOf(() => null, { policy: { idempotency } });
  const request = { upstream: 'api', method: 'POST', path: ['refunds'], contentType: 'json' } as const;
  return run({ tools: [{ ...tool, request }], settings: { upstreams, deadlineMs } });
}

const answers = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Interruption => {
  return (_, response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
};
const token = (more: object): string => JSON.stringify({ access_token: 'canary-token', token_type: 'Bearer', ...more });
const echo = (error: string): string => JSON.stringify({ error, error_description: CLIENT_SECRET });

const LATER = { code: 'UPSTREAM_CREDENTIAL_UNAVAILABLE', category: 'unavailable', retry: 'same_call', executed: 'no' };
const NEVER = { code: 'UPSTREAM_CREDENTIAL_NOT_ISSUED', category: 'internal', retry: 'never', executed: 'no' };

test.each<[name: string, interruption: Interruption, error: object]>([
  ['breaks the connection', (request) => void request.socket.destroy(), LATER],
  ['answers 500', answers(500, echo('server_error')), LATER],
  ['answers 503 and says when', answers(503, '', { 'retry-after': '7' }), { ...LATER, retry_after_ms: 7_000 }],
  ['answers 429', answers(429, echo('slow_down')), LATER],
  ['answers JSON that is cut off', answers(200, '{"access_token":"canary-'), LATER],
  ['answers a page', answers(200, '<html>', { 'content-type': 'text/html' }), LATER],
  ['answers no token', answers(200, '{}'), LATER],
  ['answers nothing', answers(204, ''), LATER],
  ['answers a list', answers(200, '[1]'), LATER],
  ['answers a token that no header can carry', answers(200, token({ access_token: 'canary-\r\ntoken' })), LATER],
  ['answers more than it may', answers(200, token({ more: 'x'.repeat(200_000) })), LATER],
  ['answers a life that is none', answers(200, token({ expires_in: -5 })), LATER],
  ['says what is not in the book', answers(400, echo(CLIENT_SECRET)), LATER],
  ['refuses the client', answers(401, echo('invalid_client'), { 'www-authenticate': 'Basic realm="x"' }), NEVER],
  ['refuses the client without a challenge', answers(401, echo('invalid_client')), NEVER],
  ['refuses the scopes', answers(400, echo('invalid_scope')), NEVER],
  ['answers a token of another type', answers(200, token({ token_type: 'DPoP' })), NEVER],
  ['redirects', answers(307, '', { location: 'http://127.0.0.1:1/' }), LATER],
])('where the issuer %s, nothing is sent, the key is free, and no secret shows', async (_, interruption, error) => {
  const [issuer, api] = await Promise.all([startIssuer(), startApi()]);
  const settings = settingsAt(api.url, issuer.tokenUrl);
  const server = refundsWith(settings);
  issuer.interrupt(interruption);
  const reply = await server.call(refund);
  expect(reply.error).toMatchObject(error);
  expect(api.tokens).toEqual([]);
  expect(server.audit).toMatchObject([{ code: reply.error.code, executed: 'no' }]);
  expect((await server.store.findById(server.audit[0]?.operation_id ?? ''))?.state).toBe('released');
  const shown = [reply.text, JSON.stringify(server.audit), ...server.logged, inspect(settings, { depth: 9 })].join();
  expect(shown).not.toContain('canary');

  issuer.interrupt(undefined);
  expect((await server.call(refund)).ok).toBe(true);
  expect(api.tokens).toHaveLength(1);
});

test('where nobody listens at the token URL, the call may come again', async () => {
  const [port, api] = await Promise.all([findClosedPort(), startApi()]);
  const { call } = refundsWith(settingsAt(api.url, `http://127.0.0.1:${port}/token`));
  expect((await call(refund)).error).toMatchObject(LATER);
  expect(api.tokens).toEqual([]);
});

test('an issuer that says nothing costs a call no more than its time, and no outcome', async () => {
  const [silent, api] = await Promise.all([startSilentUpstream(), startApi()]);
  const { call, audit, store } = refundsWith(settingsAt(api.url, new URL('/token', silent.url).href), 150);
  expect((await call(refund)).error).toMatchObject(LATER);
  expect((await store.findById(audit[0]?.operation_id ?? ''))?.state).toBe('released');
});

test('a token that is refused, and cannot be renewed, leaves nothing unknown', async () => {
  const [issuer, api] = await Promise.all([startIssuer(), startApi()]);
  const { call, audit, store } = refundsWith(settingsAt(api.url, issuer.tokenUrl));
  await call(refund);
  api.refused.add(api.tokens[0] ?? '');
  issuer.interrupt(answers(500, ''));
  const { error } = await call({ ...refund, invoice_id: 'inv_2' });
  expect(error).toMatchObject({ code: 'UPSTREAM_CREDENTIAL_REFUSED', executed: 'no', retry: 'never' });
  expect((await store.findById(audit.at(-1)?.operation_id ?? ''))?.state).toBe('released');
  expect(api.tokens).toHaveLength(2);
});
