import { expect, test } from 'vitest';

import { makeCertificate, trust } from './certificate.ts';
import { declareTool, execute } from './declared.ts';
import { startSecureUpstream } from './loopback.ts';

const read = declareTool({});
const write = declareTool({ mutability: 'additive', request: { method: 'POST', body: { a: 1 } } });

test('a write is made over TLS, its body with it', async () => {
  const certificate = makeCertificate();
  trust(certificate);
  const upstream = await startSecureUpstream(certificate);
  expect(await execute(upstream.url, { tool: write })).toEqual({ kind: 'succeeded', result: { ok: 1 } });
  expect(upstream.received).toMatchObject([{ method: 'POST', body: '{"a":1}' }]);
});

test('reads share a connection over TLS, writes do not', async () => {
  const certificate = makeCertificate();
  trust(certificate);
  const upstream = await startSecureUpstream(certificate);
  for (const tool of [read, read, read]) expect((await execute(upstream.url, { tool })).kind).toBe('succeeded');
  expect(upstream.handshakes()).toBe(1);
  for (const tool of [write, write]) expect((await execute(upstream.url, { tool })).kind).toBe('succeeded');
  expect(upstream.handshakes()).toBe(3);
});

test('a certificate that nobody vouches for sends nothing, and nobody is asked whether it may', async () => {
  const upstream = await startSecureUpstream(makeCertificate());
  let asked = 0;
  const mayStillSend = () => (asked += 1) > 0;
  expect(await execute(upstream.url, { tool: write, mayStillSend })).toMatchObject({ kind: 'not-sent' });
  await upstream.ended;
  expect(upstream.received).toHaveLength(0);
  expect(asked).toBe(0);
});

test('what comes too late is not sent over TLS either', async () => {
  const certificate = makeCertificate();
  trust(certificate);
  const upstream = await startSecureUpstream(certificate);
  const execution = await execute(upstream.url, { tool: write, mayStillSend: () => false });
  expect(execution).toMatchObject({ kind: 'not-sent', error: { code: 'TOO_LATE_TO_SEND' } });
  await upstream.ended;
  expect(upstream.received).toHaveLength(0);
});
