import { expect, test } from 'vitest';

import { declareTool, errorOf, execute, SET_AGAIN } from './declared.ts';
import { startUpstream } from './loopback.ts';

const read = declareTool({});
const write = declareTool({ mutability: 'irreversible', request: { method: 'POST' } });
const PROSE = { message: 'internal host db-7 said no' };

const REFUSED = [
  [400, 'UPSTREAM_REJECTED_ARGUMENTS', 'invalid_input'],
  [401, 'UPSTREAM_CREDENTIAL_REFUSED', 'internal'],
  [402, 'PRECONDITION_FAILED', 'failed_precondition'],
  [403, 'UPSTREAM_FORBIDDEN', 'permission_denied'],
  [404, 'NOT_FOUND', 'not_found'],
  [409, 'CONFLICT', 'conflict'],
  [410, 'NOT_FOUND', 'not_found'],
  [412, 'PRECONDITION_FAILED', 'failed_precondition'],
  [418, 'UPSTREAM_ERROR', 'upstream_error'],
  [422, 'UPSTREAM_REJECTED_ARGUMENTS', 'invalid_input'],
  [428, 'PRECONDITION_FAILED', 'failed_precondition'],
  [429, 'UPSTREAM_RATE_LIMITED', 'rate_limited'],
  [307, 'UPSTREAM_REDIRECT', 'internal'],
  [308, 'UPSTREAM_REDIRECT', 'internal'],
] as const;

for (const [status, code, category] of REFUSED) {
  for (const tool of [read, write]) {
    test(`status ${status} of a ${tool.policy.mutability} call means ${code}, and nothing happened`, async () => {
      const upstream = await startUpstream({ status, body: PROSE, headers: { location: 'http://127.0.0.1:9/' } });
      const execution = await execute(upstream.url, { tool, upstream: { attempts: 3 } });
      expect(execution).toMatchObject({ kind: 'rejected', terminal: false, error: { code, category, executed: 'no' } });
      expect(JSON.stringify(execution)).not.toContain('db-7');
      expect(upstream.received).toHaveLength(1);
    });
  }
}

for (const status of [408, 500, 502, 503, 504]) {
  test(`a read that gets ${status} is tried again, and then unavailable`, async () => {
    const upstream = await startUpstream({ status, body: PROSE });
    const execution = await execute(upstream.url, { tool: read, upstream: { attempts: 2 } });
    expect(execution).toMatchObject({
      kind: 'rejected',
      error: { code: 'UPSTREAM_UNAVAILABLE', category: 'unavailable', executed: 'no', retryable: true },
    });
    expect(upstream.received).toHaveLength(2);
  });

  test(`a write that gets ${status} is sent once, and its outcome is unknown`, async () => {
    const upstream = await startUpstream({ status, body: PROSE });
    const execution = await execute(upstream.url, { tool: write, upstream: { attempts: 3 } });
    expect(execution).toMatchObject({
      kind: 'ambiguous',
      error: { code: 'OUTCOME_UNKNOWN', category: 'outcome_unknown', executed: 'unknown', retryable: false },
    });
    expect(upstream.received).toHaveLength(1);
  });
}

test('a write that sets a value is tried again, and afterwards the caller is told that the same call is safe', async () => {
  const tool = declareTool({ mutability: 'destructive', idempotency: SET_AGAIN, request: { method: 'PUT' } });
  const upstream = await startUpstream({ status: 503 });
  const execution = await execute(upstream.url, { tool, upstream: { attempts: 2 } });
  expect(upstream.received).toHaveLength(2);
  expect(execution).toMatchObject({
    kind: 'ambiguous',
    error: { code: 'OUTCOME_UNKNOWN', executed: 'unknown', suggested_action: 'Send the same call again.' },
  });
});

for (const status of [301, 302, 303]) {
  test(`a redirect ${status} is never followed, and leaves a write unknown`, async () => {
    const target = await startUpstream({ status: 200 });
    const upstream = await startUpstream({ status, headers: { location: target.url.href } });
    expect(await execute(upstream.url, { tool: read })).toMatchObject({
      kind: 'rejected',
      error: { code: 'UPSTREAM_REDIRECT', category: 'internal', executed: 'no' },
    });
    expect(await execute(upstream.url, { tool: write })).toMatchObject({
      kind: 'ambiguous',
      error: { code: 'UPSTREAM_REDIRECT', category: 'internal', executed: 'unknown', retry: 'check_status_first' },
    });
    expect(target.received).toHaveLength(0);
  });
}

test('an unusual server error leaves a write unknown and a read failed', async () => {
  const upstream = await startUpstream({ status: 501 });
  expect(await execute(upstream.url, { tool: read })).toMatchObject({
    kind: 'rejected',
    error: { code: 'UPSTREAM_ERROR', category: 'upstream_error', executed: 'no' },
  });
  expect(await execute(upstream.url, { tool: write })).toMatchObject({
    kind: 'ambiguous',
    error: { code: 'UPSTREAM_ERROR', executed: 'unknown' },
  });
});

test('a rate limit carries Retry-After, in seconds', async () => {
  const upstream = await startUpstream({ status: 429, headers: { 'retry-after': '7' } });
  expect(errorOf(await execute(upstream.url)).retry_after_ms).toBe(7_000);
});

test('a rate limit carries Retry-After, as an HTTP-date', async () => {
  const soon = new Date(Date.now() + 60_000).toUTCString();
  const upstream = await startUpstream({ status: 429, headers: { 'retry-after': soon } });
  const wait = errorOf(await execute(upstream.url)).retry_after_ms;
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60_000);
});

test('an unavailable upstream is not waited for longer than allowed, and says when to come back', async () => {
  const upstream = await startUpstream({ status: 503, headers: { 'retry-after': '600' } });
  const execution = await execute(upstream.url, { upstream: { attempts: 3 } });
  expect(errorOf(execution)).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retry_after_ms: 600_000 });
  expect(upstream.received).toHaveLength(1);
});

test('a read succeeds when an attempt after a 503 does', async () => {
  const upstream = await startUpstream(
    { status: 503, headers: { 'retry-after': '0' } },
    { status: 200, body: { ok: 1 } },
  );
  expect(await execute(upstream.url, { upstream: { attempts: 2 } })).toEqual({ kind: 'succeeded', result: { ok: 1 } });
});
