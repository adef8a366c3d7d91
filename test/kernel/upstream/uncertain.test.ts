import type { Socket } from 'node:net';

import { expect, test } from 'vitest';

import { declareTool, execute, SET_AGAIN } from './declared.ts';
import { startRawUpstream } from './loopback.ts';

const put = declareTool({ mutability: 'additive', idempotency: SET_AGAIN, request: { method: 'PUT', body: {} } });

const answer = (socket: Socket, status: string): void =>
  void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);

/** Executes `put`, which may be repeated, on an upstream that loses the first request and then does as told. */
async function executeAfterLoss(then: (socket: Socket) => void) {
  let requests = 0;
  const upstream = await startRawUpstream((socket) => {
    requests += 1;
    if (requests === 1) socket.destroy();
    else then(socket);
  });
  return execute(upstream.url, { tool: put, upstream: { attempts: 2 } });
}

test.each(['404 Not Found', '409 Conflict', '429 Too Many Requests'])(
  'a write whose first request was lost may have happened, though the second one is told %s',
  async (status) => {
    const execution = await executeAfterLoss((socket) => answer(socket, status));
    expect(execution).toMatchObject({ kind: 'ambiguous', error: { code: 'OUTCOME_UNKNOWN', executed: 'unknown' } });
  },
);

test('a write whose first request was lost has happened once the second one succeeds', async () => {
  const execution = await executeAfterLoss((socket) => answer(socket, '204 No Content'));
  expect(execution).toMatchObject({ kind: 'succeeded' });
});

test('an upstream that switches protocols ends the call at once, not at its deadline', { timeout: 3_000 }, async () => {
  const upstream = await startRawUpstream(
    (socket) => void socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  );
  const execution = await execute(upstream.url, { tool: put, upstream: { timeoutMs: 200 } });
  expect(execution).toMatchObject({ kind: 'ambiguous', error: { code: 'OUTCOME_UNKNOWN' } });
});
