import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import type { Tool } from '../../../templates/kernel/tool.ts';
import { declareTool } from '../upstream/declared.ts';
import { CREDENTIAL, execute, settingsAt, startApi } from './api.ts';
import { CLIENT_SECRET, RESOURCE, startIssuer } from './issuer.ts';

const WRITE: Tool = declareTool({ mutability: 'additive', request: { method: 'POST' } });
const OK = { kind: 'succeeded', result: { status: 200 } };

function scoped(upstreamScopes: readonly string[]): Tool {
  return declareTool({ request: { upstreamScopes } });
}

async function startBoth(options: Parameters<typeof startIssuer>[0] = {}) {
  const [issuer, api] = await Promise.all([startIssuer(options), startApi()]);
  return { issuer, api, settings: settingsAt(api.url, issuer.tokenUrl) };
}

test('a token of the issuer travels with the request, and is asked for once', async () => {
  const { issuer, api, settings } = await startBoth();
  expect(await execute(settings)).toEqual(OK);
  expect(await execute(settings)).toEqual(OK);
  expect(issuer.asked()).toBe(1);
  expect(new Set(api.tokens).size).toBe(1);
  expect(await issuer.look(api.tokens[0] ?? '')).toMatchObject({ clientId: 'connector' });
});

test('fifty calls at once share one request for a token', async () => {
  const { issuer, api, settings } = await startBoth();
  const executions = await Promise.all(Array.from({ length: 50 }, () => execute(settings)));
  expect(executions.every(({ kind }) => kind === 'succeeded')).toBe(true);
  expect(api.tokens).toHaveLength(50);
  expect(issuer.asked()).toBe(1);
});

test('a token carries the scopes of its tool and no more, and other tools have other tokens', async () => {
  const { issuer, api } = await startBoth();
  const settings = settingsAt(api.url, issuer.tokenUrl, {
    credential: { ...CREDENTIAL, resource: RESOURCE, scopes: ['things.read', 'things.write'] },
  });
  await execute(settings, { tool: scoped(['things.read']) });
  await execute(settings, { tool: scoped(['things.write']) });
  await execute(settings, { tool: scoped(['things.write', 'things.read']) });
  await execute(settings, { tool: scoped(['things.read', 'things.write']) });
  await execute(settings);
  const issued = await Promise.all(api.tokens.map((token) => issuer.look(token)));
  expect(issued.map((one) => (one?.scope ?? '').split(' ').toSorted().join(' '))).toEqual([
    'things.read',
    'things.write',
    'things.read things.write',
    'things.read things.write',
    'things.read things.write',
  ]);
  expect(new Set(issued.map((one) => one?.audience))).toEqual(new Set([RESOURCE]));
  expect(new Set(api.tokens.slice(0, 3)).size).toBe(3);
  expect(api.tokens[3]).toBe(api.tokens[2]);
});

test('an issuer that gives more scopes than were asked for gives no token', async () => {
  const { issuer, api, settings } = await startBoth();
  const more = { access_token: 'canary-token', token_type: 'Bearer', scope: 'things.read things.write' };
  issuer.interrupt((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(more)),
  );
  expect(await execute(settings, { tool: scoped(['things.read']) })).toMatchObject({
    kind: 'not-sent',
    error: { code: 'UPSTREAM_CREDENTIAL_NOT_ISSUED', retryable: false, executed: 'no' },
  });
  expect(api.tokens).toEqual([]);
});

test('a token that lives no longer than the margin is not used for a second call', async () => {
  const { issuer, settings } = await startBoth({ livesS: 30 });
  await execute(settings);
  await execute(settings);
  expect(issuer.asked()).toBe(2);
});

test.each(['read', 'write'])('a %s that is refused with 401 is sent once more, with a new token', async (kind) => {
  const { issuer, api, settings } = await startBoth();
  const tool = kind === 'read' ? declareTool({}) : WRITE;
  await execute(settings, { tool });
  api.refused.add(api.tokens[0] ?? '');
  expect(await execute(settings, { tool })).toEqual(OK);
  expect(issuer.asked()).toBe(2);
  expect(api.tokens).toHaveLength(3);
});

test('fifty calls whose token is refused ask for one new token', async () => {
  const { issuer, api, settings } = await startBoth();
  await execute(settings);
  api.refused.add(api.tokens[0] ?? '');
  const executions = await Promise.all(Array.from({ length: 50 }, () => execute(settings)));
  expect(executions.every(({ kind }) => kind === 'succeeded')).toBe(true);
  expect(issuer.asked()).toBe(2);
  expect(new Set(api.tokens).size).toBe(2);
});

test('where the new token is refused too, the call ends without an effect', async () => {
  const { issuer, api, settings } = await startBoth();
  api.refused.add('canary-token');
  const body = JSON.stringify({ access_token: 'canary-token', token_type: 'Bearer', expires_in: 3_600 });
  issuer.interrupt((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end(body));
  expect(await execute(settings, { tool: WRITE })).toMatchObject({
    kind: 'rejected',
    error: { code: 'UPSTREAM_CREDENTIAL_REFUSED', category: 'internal', executed: 'no', retryable: false },
  });
  expect(api.tokens).toEqual(['canary-token', 'canary-token']);
  expect(issuer.asked()).toBe(2);
});

test('a call renews its token once, however often it sends', async () => {
  const { issuer, api } = await startBoth();
  const settings = settingsAt(api.url, issuer.tokenUrl, { attempts: 3 });
  api.next.push(401, 503, 401, 401);
  expect(await execute(settings)).toMatchObject({ error: { code: 'UPSTREAM_CREDENTIAL_REFUSED' } });
  expect(api.tokens).toHaveLength(3);
  expect(issuer.asked()).toBe(2);
});

test('a 401 that the manifest says may have happened is not sent again', async () => {
  const { api, settings } = await startBoth();
  await execute(settings, { tool: WRITE });
  api.refused.add(api.tokens[0] ?? '');
  const unsure = {
    code: 'SESSION',
    category: 'upstream_error',
    message: { parts: ['?'] },
    executed: 'unknown',
  } as const;
  const tool = { ...WRITE, errors: [{ ...unsure, when: { status: [401] } }] };
  expect(await execute(settings, { tool })).toMatchObject({ kind: 'ambiguous', error: { code: 'SESSION' } });
  expect(api.tokens).toHaveLength(2);
});

test('a client secret that was rotated in its file is used for the next token', async () => {
  const { issuer, api } = await startBoth({ livesS: 30 });
  const folder = mkdtempSync(join(tmpdir(), 'secret-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'secret');
  writeFileSync(path, 'an-old-secret');
  const environment = { API_CLIENT_SECRET: '', API_CLIENT_SECRET_FILE: path };
  const settings = settingsAt(api.url, issuer.tokenUrl, { environment });
  expect(await execute(settings)).toMatchObject({
    kind: 'not-sent',
    error: { code: 'UPSTREAM_CREDENTIAL_NOT_ISSUED', retryable: false },
  });
  writeFileSync(path, CLIENT_SECRET);
  expect(await execute(settings)).toEqual(OK);
});
