import { request as sendHttp } from 'node:http';
import { fileURLToPath } from 'node:url';

import { expect, onTestFinished, test } from 'vitest';

import { openSqliteStore } from '../../../templates/kernel/idempotency/sqlite-store.ts';
import { startServed } from '../transport/process.ts';
import type { Variables } from './command.ts';
import { RETENTION_MS } from './declaration.ts';
import { freshFile } from './desks.ts';
import { BILLING, claimIn, failed, QUESTION, unknown, waiting } from './records.ts';

const SERVED = fileURLToPath(new URL('served.ts', import.meta.url));

/** A server whose callers are bo, who may see operations and approve refunds; and its store. */
async function serve(changes: Variables = {}) {
  const path = freshFile();
  const store = openSqliteStore({ path, retentionMs: RETENTION_MS });
  onTestFinished(() => store.close());
  const environment = {
    PATH: process.env['PATH'] ?? '',
    MCP_STORE_PATH: path,
    MCP_ENVIRONMENT: 'test',
    MCP_HTTP_PORT: '0',
    MCP_SUBJECT: 'bo',
    MCP_TENANT: 'acme',
    MCP_SCOPES: 'operate refunds:approve',
    OPERATIONS_SCOPE: 'operate',
    ...changes,
  };
  const served = startServed(['--insecure-local'], environment, SERVED);
  const log = await served.stderr(/listening on /);
  const origin = /listening on (http:\/\/[^/]+)/.exec(log)?.[1] ?? '';
  return { store, origin, served };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function get(url: string): Promise<Answer> {
  return read(await fetch(url));
}

async function post(url: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const about = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } };
  return read(await fetch(url, { method: 'POST', ...about }));
}

async function read(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: await response.json() };
}

const refusal = (code: string, category: string) => ({ ok: false, error: { code, category, executed: 'no' } });

test('what waits is listed and shown, and kept in no cache', async () => {
  const { store, origin } = await serve();
  const ids = [await unknown(store), await waiting(store), await failed(store)];
  const { status, headers, body } = await get(`${origin}/operations`);
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-type')).toBe('application/json');
  const listed = (body as { operations: readonly { operation_id: string }[] }).operations;
  expect(new Set(listed.map(({ operation_id: id }) => id))).toEqual(new Set(ids));
  expect((await get(`${origin}/operations?state=failed`)).body).toMatchObject({
    ok: true,
    more: false,
    operations: [{ operation_id: ids[2], state: 'done', error: { code: 'REFUND_EXCEEDS_LIMIT' } }],
  });
  expect((await get(`${origin}/operations?state=unknown&state=failed`)).body).toMatchObject({
    operations: [{ operation_id: ids[0] }, { operation_id: ids[2] }],
  });
  expect(await get(`${origin}/operations/${ids[1]}`)).toMatchObject({
    status: 200,
    body: { ok: true, operation: { operation_id: ids[1], actions: ['approve', 'deny'] } },
  });
});

test('an approval lets the same call run, and is audited', async () => {
  const { store, origin, served } = await serve();
  const claim = claimIn(BILLING, { approval: QUESTION });
  await waiting(store, claim);
  const approved = await post(`${origin}/operations/${claim.id}/approve`);
  expect(approved).toMatchObject({ status: 200, body: { operation: { state: 'approved' } } });
  expect((await store.begin(claim)).kind).toBe('claimed');
  expect(await served.stderr(/operation_decided/)).toMatch(/"over":"http","decision":"approved"/);
  const again = await post(`${origin}/operations/${claim.id}/deny`, {});
  expect(again).toMatchObject({ status: 409, body: refusal('OPERATION_NOT_PENDING', 'conflict') });
});

test('a denial is told to the same call', async () => {
  const { store, origin } = await serve();
  const claim = claimIn(BILLING, { approval: QUESTION });
  await waiting(store, claim);
  const denied = await post(`${origin}/operations/${claim.id}/deny`);
  expect(denied).toMatchObject({ status: 200, body: { operation: { state: 'denied' } } });
  expect((await store.begin(claim)).kind).toBe('denied');
});

test('what is unknown is resolved, either way', async () => {
  const { store, origin } = await serve();
  const [one, two] = [await unknown(store), await unknown(store)];
  const wrong = await post(`${origin}/operations/${one}/resolve`, { executed: true, result: {} });
  expect(wrong).toMatchObject({ status: 400, body: refusal('RESULT_UNUSABLE', 'invalid_input') });
  const result = { refund_id: 're_9' };
  const resolved = await post(`${origin}/operations/${one}/resolve`, { executed: true, result });
  expect(resolved).toMatchObject({ status: 200, body: { operation: { state: 'done', result, resolved_by: 'bo' } } });
  const freed = await post(`${origin}/operations/${two}/resolve`, { executed: false });
  expect(freed).toMatchObject({ status: 200, body: { operation: { state: 'released', executed: 'no' } } });
  const late = await post(`${origin}/operations/${two}/resolve`, { executed: false });
  expect(late).toMatchObject({ status: 409, body: refusal('OPERATION_NOT_UNKNOWN', 'conflict') });
});

test('who lacks the scope of operators neither sees nor resolves, but may approve', async () => {
  const { store, origin } = await serve({ MCP_SCOPES: 'refunds:approve' });
  const [asked, open] = [await waiting(store), await unknown(store)];
  const missing = { status: 403, body: refusal('SCOPE_MISSING', 'permission_denied') };
  expect(await get(`${origin}/operations`)).toMatchObject(missing);
  expect(await get(`${origin}/operations/${open}`)).toMatchObject(missing);
  expect(await post(`${origin}/operations/${open}/resolve`, { executed: false })).toMatchObject(missing);
  expect((await store.findById(open))?.state).toBe('unknown');
  expect((await post(`${origin}/operations/${asked}/approve`)).status).toBe(200);
});

test('purge says how many it removed, and is audited; hold is for the command line', async () => {
  const { origin, served } = await serve({ MCP_TENANT: '' });
  expect(await post(`${origin}/operations/purge`)).toMatchObject({ status: 200, body: { ok: true, removed: 0 } });
  expect(await served.stderr(/operations_purged/)).toMatch(/"subject":"bo","over":"http","decision":"purged"/);
  expect((await get(`${origin}/operations/purge`)).status).toBe(405);
  const said = await post(`${origin}/operations/purge`, { all: true });
  expect(said).toMatchObject({ status: 400, body: refusal('INVALID_REQUEST', 'invalid_input') });
  expect((await post(`${origin}/operations/hold`)).status).toBe(404);
  const one = await serve();
  const refused = await post(`${one.origin}/operations/purge`);
  expect(refused).toMatchObject({ status: 403, body: refusal('CONCERNS_ALL_TENANTS', 'permission_denied') });
});

test('nobody approves without the scope of the approval, or what they asked for', async () => {
  const { store, origin } = await serve({ MCP_SCOPES: 'operate' });
  const id = await waiting(store);
  const missing = { status: 403, body: refusal('SCOPE_MISSING', 'permission_denied') };
  expect(await post(`${origin}/operations/${id}/approve`)).toMatchObject(missing);
  const own = await serve({ MCP_SUBJECT: 'ada' });
  const theirs = await waiting(own.store);
  for (const answer of ['approve', 'deny']) {
    const refused = await post(`${own.origin}/operations/${theirs}/${answer}`);
    expect(refused).toMatchObject({ status: 403, body: refusal('OWN_REQUEST', 'permission_denied') });
  }
  expect((await own.store.findById(theirs))?.state).toBe('pending-approval');
});

test('operations of other tenants, and those that do not exist, are not found', async () => {
  const { store, origin } = await serve();
  const id = await unknown(store, claimIn(BILLING, { tenant: 'other' }));
  const absent = { status: 404, body: refusal('OPERATION_NOT_FOUND', 'not_found') };
  for (const name of [id, `op_${'0'.repeat(32)}`, 'op_1', '..%2f', `${id}/delete`, '']) {
    expect(await get(`${origin}/operations/${name}`)).toMatchObject(absent);
  }
  expect(await post(`${origin}/operations/${id}/resolve`, { executed: false })).toMatchObject(absent);
  expect((await get(`${origin}/operations`)).body).toMatchObject({ operations: [] });
});

test('requests that say something else are refused, and change nothing', async () => {
  const { store, origin } = await serve();
  const [asked, open] = [await waiting(store), await unknown(store)];
  const invalid = { status: 400, body: refusal('INVALID_REQUEST', 'invalid_input') };
  const resolve = `${origin}/operations/${open}/resolve`;
  expect(await get(`${origin}/operations?state=done`)).toMatchObject(invalid);
  const wrong = [{}, { executed: 'yes' }, { executed: false, result: 1 }, { executed: true, why: '' }, [], 7];
  for (const body of wrong) expect(await post(resolve, body)).toMatchObject(invalid);
  expect(await post(`${origin}/operations/${asked}/approve`, { note: 'fine' })).toMatchObject(invalid);
  const large = { executed: true, result: 'x'.repeat(1_100_000) };
  expect(await post(resolve, large)).toMatchObject({ status: 413, body: invalid.body });
  const untyped = await post(resolve, { executed: false }, 'text/plain');
  expect(untyped).toMatchObject({ status: 415, body: invalid.body });
  const posted = await post(`${origin}/operations`, {});
  expect(posted).toMatchObject({ status: 405, body: invalid.body });
  expect(posted.headers.get('allow')).toBe('GET');
  const got = await get(resolve);
  expect(got).toMatchObject({ status: 405, body: invalid.body });
  expect(got.headers.get('allow')).toBe('POST');
  expect((await store.findById(asked))?.state).toBe('pending-approval');
  expect((await store.findById(open))?.state).toBe('unknown');
});

test('a Host or an Origin that is not allowed is refused before anything else', async () => {
  const { store, origin } = await serve();
  const id = await waiting(store);
  const statusWith = (headers: Record<string, string>) =>
    new Promise((resolve, reject) => {
      const url = `${origin}/operations/${id}/approve`;
      const outgoing = sendHttp(url, { method: 'POST', agent: false, headers }, (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode);
      });
      outgoing.on('error', reject).end();
    });
  expect(await statusWith({ host: 'evil.example' })).toBe(403);
  expect(await statusWith({ origin: 'http://evil.example' })).toBe(403);
  expect((await store.findById(id))?.state).toBe('pending-approval');
  expect(await statusWith({})).toBe(200);
});

test('where the server names no scope for operators, nothing is there', async () => {
  const { origin } = await serve({ OPERATIONS_SCOPE: '' });
  const { status, body } = await get(`${origin}/operations`);
  expect({ status, body }).toMatchObject({ status: 404, body: { jsonrpc: '2.0', error: { code: -32000 } } });
});
