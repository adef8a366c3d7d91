import type { Socket } from 'node:net';

import { expect, test } from 'vitest';

import { args, operationKey, text } from '../../../templates/kernel/expression.ts';
import type { DeclaredError, UpstreamDeclaration } from '../../../templates/kernel/tool.ts';
import { declareTool, execute, KEYED, SET_AGAIN } from './declared.ts';
import { startRawUpstream, startUpstream } from './loopback.ts';

const keyedTool = (errors: readonly DeclaredError[] = []) =>
  declareTool({
    mutability: 'irreversible',
    idempotency: KEYED,
    errors,
    request: { method: 'POST', body: { a: args('/a') }, headers: { 'Idempotency-Key': text(operationKey) } },
  });
const keyed = keyedTool();
const setAgain = declareTool({ mutability: 'additive', idempotency: SET_AGAIN, request: { method: 'PUT', body: {} } });
const plain = declareTool({ mutability: 'additive', request: { method: 'POST', body: {} } });

const answer = (socket: Socket, status: string, body = ''): void =>
  void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);

/** An upstream that loses the first request and does with all others as told. Keeps the bytes of each. */
async function startForgetful(lose: (socket: Socket) => void, then: (socket: Socket) => void) {
  const received: string[] = [];
  const upstream = await startRawUpstream((socket, request) => {
    received.push(request);
    (received.length === 1 ? lose : then)(socket);
  });
  return { url: upstream.url, received };
}

const destroy = (socket: Socket): void => void socket.destroy();

for (const [title, lose, limits] of [
  ['is cut off', destroy, {}],
  ['is reset', (socket: Socket) => void socket.resetAndDestroy(), {}],
  ['is never answered', () => {}, { timeoutMs: 1_000 }],
  ['gets half an answer', (socket: Socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{'), {}],
  ['gets a 500', (socket: Socket) => answer(socket, '500 Internal Server Error'), {}],
  ['gets a 502', (socket: Socket) => answer(socket, '502 Bad Gateway'), {}],
  ['gets a 503', (socket: Socket) => answer(socket, '503 Service Unavailable'), {}],
  ['gets a 504', (socket: Socket) => answer(socket, '504 Gateway Timeout'), {}],
] as const satisfies readonly (readonly [string, (socket: Socket) => void, Partial<UpstreamDeclaration>])[]) {
  test(`a request with a key that ${title} is sent again, byte for byte, and then has its result`, async () => {
    const upstream = await startForgetful(lose, (socket) => answer(socket, '200 OK', '{"id":1}'));
    const execution = await execute(upstream.url, {
      tool: keyed,
      args: { a: 1 },
      upstream: { attempts: 2, ...limits },
    });
    expect(execution).toEqual({ kind: 'succeeded', result: { id: 1 } });
    expect(upstream.received).toHaveLength(2);
    expect(upstream.received[1]).toBe(upstream.received[0]);
    expect(upstream.received[0]).toContain('idempotency-key: key-1\r\n');
  });

  test(`a request with a key that ${title} on every attempt is in doubt, and may be sent again`, async () => {
    const upstream = await startForgetful(lose, lose);
    const execution = await execute(upstream.url, { tool: keyed, upstream: { attempts: 2, ...limits } });
    expect(execution).toMatchObject({
      kind: 'ambiguous',
      error: { code: 'OUTCOME_UNKNOWN', executed: 'unknown', suggested_action: 'Send the same call again.' },
    });
    expect(upstream.received).toHaveLength(2);
  });
}

const afterLoss = async (status: string, tool = keyed) => {
  const upstream = await startForgetful(destroy, (socket) => answer(socket, status));
  return execute(upstream.url, { tool, upstream: { attempts: 2 } });
};

for (const status of ['400 Bad Request', '402 Payment Required', '404 Not Found', '422 Unprocessable Content']) {
  test(`${status} under the same key says that the request which was lost had no effect either`, async () => {
    expect(await afterLoss(status)).toMatchObject({ kind: 'rejected', certain: true, error: { executed: 'no' } });
  });

  test(`${status} says nothing of a request without a key that was lost before`, async () => {
    expect(await afterLoss(status, setAgain)).toMatchObject({ kind: 'ambiguous' });
  });
}

for (const status of ['409 Conflict', '425 Too Early', '429 Too Many Requests', '423 Locked', '401 Unauthorized']) {
  test(`${status} leaves open what the request did that was lost before, key or not`, async () => {
    expect(await afterLoss(status)).toMatchObject({ kind: 'ambiguous', error: { executed: 'unknown' } });
  });
}

test('without a loss before, every refusal of a keyed request is a refusal; only the upstream’s word on the key is certain', async () => {
  const refusal = async (status: number, tool = keyed) => {
    const upstream = await startUpstream({ status });
    return execute(upstream.url, { tool, upstream: { attempts: 3 } });
  };
  expect(await refusal(422)).toMatchObject({ kind: 'rejected', certain: true });
  for (const status of [409, 429, 403]) {
    const execution = await refusal(status);
    expect(execution).toMatchObject({ kind: 'rejected', error: { executed: 'no' } });
    expect(execution).not.toHaveProperty('certain');
  }
  for (const tool of [setAgain, plain]) expect(await refusal(422, tool)).not.toHaveProperty('certain');
});

const declared = (error: Partial<DeclaredError>): DeclaredError => ({
  when: { status: [422] },
  code: 'DECLARED',
  category: 'failed_precondition',
  message: text('No.'),
  ...error,
});

test('a declared refusal keeps what the manifest says of it, and is certain where its status is', async () => {
  const lost = (error: Partial<DeclaredError>, status = '422 Unprocessable Content') =>
    afterLoss(status, keyedTool([declared(error)]));
  expect(await lost({ terminal: true })).toMatchObject({ kind: 'rejected', terminal: true, certain: true });
  const executed = await lost({ executed: 'yes' });
  expect(executed).toMatchObject({ kind: 'rejected', error: { executed: 'yes' } });
  expect(executed).not.toHaveProperty('certain');
  expect(await lost({ executed: 'unknown' })).toMatchObject({ kind: 'ambiguous' });
  const conflict = { when: { status: [409] }, executed: 'no' } as const;
  expect(await lost(conflict, '409 Conflict')).toMatchObject({ kind: 'ambiguous' });
});

test('an effect that the manifest says has happened is not asked for again', async () => {
  const upstream = await startUpstream({ status: 503 });
  const done = declared({ when: { status: [503] }, category: 'unavailable', executed: 'yes' });
  const execution = await execute(upstream.url, { tool: keyedTool([done]), upstream: { attempts: 3 } });
  expect(execution).toMatchObject({ kind: 'rejected', terminal: true, error: { executed: 'yes' } });
  expect(upstream.received).toHaveLength(1);
});
