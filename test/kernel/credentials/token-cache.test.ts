import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Secret } from '../../../templates/kernel/config/secret.ts';
import { keepTokens, keepWanted } from '../../../templates/kernel/upstream/credentials/token-cache.ts';
import { notIssued, notObtained } from '../../../templates/kernel/upstream/credentials/unavailable.ts';

// The wall clock is one of the two by which a token ages; it alone is moved here.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1_000);

/** Issues `token-1`, `token-2` …; fails while told to. */
function keep(expiresInMs: number | undefined) {
  let issued = 0;
  const issuer = { fails: false };
  const { authorize, discard } = keepTokens(async () => {
    if (issuer.fails) throw notObtained();
    issued += 1;
    const value = `token-${issued}`;
    return { token: new Secret(() => value), expiresInMs };
  });
  const headersNow = async (signal?: AbortSignal): Promise<Headers> => {
    const headers = new Headers();
    await authorize(headers, { signal });
    return headers;
  };
  return {
    issuer,
    headersNow,
    discard: (headers: Headers) => discard?.(headers),
    tokenNow: async () => (await headersNow()).get('authorization')?.replace('Bearer ', ''),
  };
}

test.each([
  { life: 60, usedUntil: 29, renewedAt: 31 },
  { life: 300, usedUntil: 269, renewedAt: 271 },
  { life: 3_600, usedUntil: 3_239, renewedAt: 3_241 },
])('a token that lives $life s is used for $usedUntil s and new after $renewedAt s', async (about) => {
  const { tokenNow } = keep(about.life * 1_000);
  expect(await tokenNow()).toBe('token-1');
  pass(about.usedUntil);
  expect(await tokenNow()).toBe('token-1');
  pass(about.renewedAt - about.usedUntil);
  expect(await tokenNow()).toBe('token-2');
});

test('a token whose issuer does not say how long it lives is renewed in minutes', async () => {
  const { tokenNow } = keep(undefined);
  expect(await tokenNow()).toBe('token-1');
  pass(300);
  expect(await tokenNow()).toBe('token-2');
});

test('while no new token can be had, the old one is used until it ends', async () => {
  const { tokenNow, issuer } = keep(3_600_000);
  expect(await tokenNow()).toBe('token-1');
  issuer.fails = true;
  pass(3_500);
  expect(await tokenNow()).toBe('token-1');
  pass(101);
  await expect(tokenNow()).rejects.toThrow('UPSTREAM_CREDENTIAL_UNAVAILABLE');
  issuer.fails = false;
  expect(await tokenNow()).toBe('token-2');
});

test('a token that was refused is not used again, not even where no new one can be had', async () => {
  const { tokenNow, headersNow, discard, issuer } = keep(3_600_000);
  discard(await headersNow());
  issuer.fails = true;
  await expect(tokenNow()).rejects.toThrow('UPSTREAM_CREDENTIAL_UNAVAILABLE');
});

test('a token that was refused while a new one was asked for is not fallen back to', async () => {
  const answers = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  let asked = 0;
  const { authorize, discard } = keepTokens(async () => {
    await answers[asked++ === 0 ? 0 : 1].promise;
    return { token: new Secret(() => 'token'), expiresInMs: 3_600_000 };
  });
  const headers = new Headers();
  answers[0].resolve();
  await authorize(headers);
  pass(3_500);
  const renewal = authorize(new Headers());
  discard?.(headers);
  answers[1].reject(notObtained());
  await expect(renewal).rejects.toThrow('UPSTREAM_CREDENTIAL_UNAVAILABLE');
});

test('a refusal of an old token does not cost the one that replaced it', async () => {
  const { tokenNow, headersNow, discard } = keep(3_600_000);
  const old = await headersNow();
  discard(old);
  expect(await tokenNow()).toBe('token-2');
  discard(old);
  expect(await tokenNow()).toBe('token-2');
});

test('whoever waits may leave, without ending the request that others wait for', async () => {
  const answer = Promise.withResolvers<void>();
  let asked = 0;
  const { authorize } = keepTokens(async () => {
    asked += 1;
    await answer.promise;
    return { token: new Secret(() => 'token'), expiresInMs: undefined };
  });
  const leaving = new AbortController();
  const [left, stayed] = [new Headers(), new Headers()];
  const first = authorize(left, { signal: leaving.signal });
  const second = authorize(stayed);
  leaving.abort();
  await expect(first).rejects.toMatchObject({ body: { category: 'unavailable', retryable: true } });
  answer.resolve();
  await second;
  expect(left.get('authorization')).toBeNull();
  expect(stayed.get('authorization')).toBe('Bearer token');
  expect(asked).toBe(1);
});

test('an issuer that says no is not answered with the token that it gave before', async () => {
  const answers = [Promise.resolve('token'), Promise.reject(notIssued('access_denied'))];
  const { authorize } = keepTokens(async () => {
    const token = (await answers.shift()) ?? '';
    return { token: new Secret(() => token), expiresInMs: 3_600_000 };
  });
  await authorize(new Headers());
  pass(3_500);
  await expect(authorize(new Headers())).rejects.toThrow('UPSTREAM_CREDENTIAL_NOT_ISSUED');
});

test('of more tokens than are kept, those that were not used for the longest go first', async () => {
  const asked: string[] = [];
  const { authorize } = keepWanted(({ scopes = [] }) => {
    const name = scopes.join();
    const issue = async () => {
      asked.push(name);
      return { token: new Secret(() => name), expiresInMs: 3_600_000 };
    };
    return { name, issue };
  });
  const use = async (name: string): Promise<void> => authorize(new Headers(), { scopes: [name] });
  for (let index = 0; index < 1_000; index += 1) await use(`token-${index}`);
  await use('token-0');
  expect(asked).toHaveLength(1_000);
  await use('one-more');
  await use('token-0');
  expect(asked.slice(1_000)).toEqual(['one-more']);
  await use('token-1');
  expect(asked.slice(1_001)).toEqual(['token-1']);
});
