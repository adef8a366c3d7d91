import { expect, onTestFinished, test, vi } from 'vitest';

import { readSettings } from '../../../templates/kernel/config.ts';
import { provided, type CredentialProvider } from '../../../templates/kernel/upstream/credentials/provider.ts';
import { upstreamPart, upstreamsWith } from '../../../templates/kernel/upstream/part.ts';
import { declareTool } from '../upstream/declared.ts';
import { execute, serverAt, startApi } from './api.ts';

const OK = { kind: 'succeeded', result: { status: 200 } };

function settingsWith(url: string, provider: CredentialProvider, timeoutMs = 5_000) {
  const server = serverAt(url, { type: 'provider' });
  const upstreams = server.upstreams.map((upstream) => ({ ...upstream, timeoutMs }));
  return readSettings({ ...server, upstreams }, {}, upstreamsWith({ provider: provided({ api: provider }) }));
}

/** What goes to standard error from now on. */
function logged(): readonly string[] {
  const lines: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  return lines;
}

test('the token that a function of the project finds travels with the requests, and is asked for once', async () => {
  const api = await startApi();
  let asked = 0;
  const settings = settingsWith(api.url, () => ({ token: `token-${(asked += 1)}` }));
  expect(await Promise.all([execute(settings), execute(settings)])).toEqual([OK, OK]);
  expect(api.tokens).toEqual(['token-1', 'token-1']);
});

test('it is told the scopes of the tool', async () => {
  const api = await startApi();
  const settings = settingsWith(api.url, ({ scopes }) => ({ token: scopes?.join('+') ?? 'none' }));
  await execute(settings, { tool: declareTool({ request: { upstreamScopes: ['b', 'a'] } }) });
  await execute(settings);
  expect(api.tokens).toEqual(['b+a', 'none']);
});

test('it is asked again for a token that the upstream refused', async () => {
  const api = await startApi();
  api.refused.add('token-1');
  let asked = 0;
  const settings = settingsWith(api.url, () => ({ token: `token-${(asked += 1)}`, expiresInMs: 3_600_000 }));
  expect(await execute(settings)).toEqual(OK);
  expect(api.tokens).toEqual(['token-1', 'token-2']);
});

test.each<[what: string, provider: CredentialProvider]>([
  ['throws', () => Promise.reject(new Error('canary-secret'))],
  ['returns what no header can carry', () => ({ token: 'canary-secret\r\nX-Other: 1' })],
  ['returns nothing', () => ({ token: '' })],
  ['never answers', () => new Promise(() => {})],
])('where it %s, nothing is sent, and nobody is told what it said', async (_, provider) => {
  const api = await startApi();
  const lines = logged();
  const execution = await execute(settingsWith(api.url, provider, 100));
  expect(execution).toMatchObject({
    kind: 'not-sent',
    error: { code: 'UPSTREAM_CREDENTIAL_UNAVAILABLE', retryable: true, executed: 'no' },
  });
  expect(api.tokens).toEqual([]);
  expect(lines.join('')).toContain('The credential provider of the upstream api gave no token');
  expect(lines.join('') + JSON.stringify(execution)).not.toContain('canary');
});

test('a server without the function does not start', () => {
  const server = serverAt('https://127.0.0.1', { type: 'provider' });
  expect(() => readSettings(server, {}, upstreamsWith({ provider: provided({}) }))).toThrow('api');
  expect(() => readSettings(server, {}, upstreamPart)).toThrow('provider');
});
