import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Secret } from '../../../templates/kernel/config/secret.ts';
import { keepTokens } from '../../../templates/kernel/upstream/credentials/token-cache.ts';
import { notObtained } from '../../../templates/kernel/upstream/credentials/unavailable.ts';

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
