import { expect, test } from 'vitest';

import { ConfigurationError, readSettings } from '../../../templates/kernel/config.ts';
import { upstreamPart } from '../../../templates/kernel/upstream/part.ts';
import { part, serverAt } from './api.ts';

const FINE = 'https://login.example/token';

function problemsOf(variables: Readonly<Record<string, string>>): readonly string[] {
  try {
    readSettings(serverAt('https://127.0.0.1'), variables, part);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

test('a server whose token settings are missing says which, all at once', () => {
  expect(problemsOf({})).toEqual([
    'API_TOKEN_URL is not set: set it to the URL where tokens for the upstream api are issued.',
    expect.stringMatching(/^API_CLIENT_SECRET is not set: .* or API_CLIENT_SECRET_FILE/),
  ]);
});

test.each([
  ['http://login.example/token', 'does not start with https://'],
  ['https://user:canary@login.example/token', 'has a user in it'],
  ['https://user:pa/canary@login.example/token', 'is no URL'],
  ['https://user:12/canary@login.example/token', 'has a user in it'],
  ['https://login.example/token?canary', 'has a query'],
  ['https://login.example/token?x=1', 'has a query'],
  ['login', 'is no URL'],
])('a server does not start with the token URL %s', (url, problem) => {
  const [found = ''] = problemsOf({ API_TOKEN_URL: url, API_CLIENT_SECRET: 'secret' });
  expect(found).toContain(problem);
  expect(found).not.toContain('canary');
});

test('an issuer on this machine needs no TLS', () => {
  expect(problemsOf({ API_TOKEN_URL: 'http://127.0.0.1:9/token', API_CLIENT_SECRET: 'secret' })).toEqual([]);
});

test('a server without the part that obtains its credential does not start', () => {
  expect(() => readSettings(serverAt('https://127.0.0.1'), { API_TOKEN_URL: FINE }, upstreamPart)).toThrow(
    'oauth-client-credentials',
  );
});
