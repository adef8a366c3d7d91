import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { createGate } from '../../../templates/kernel/transport/http-gate.ts';
import { createReadiness } from '../../../templates/kernel/transport/readiness.ts';
import { ada, run, SETTINGS, toolOf } from '../pipeline/harness.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

/** A gate over a store that answers when it is told to. */
async function openGate(checkReady: () => Promise<void>) {
  const { runtime } = run({ tools: [toolOf(() => ({}))] });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const settings = { host: '127.0.0.1', port: 0, allowedHosts: [], allowedOrigins: [] };
  const serving = { runtime, caller: ada, limits: SETTINGS.limits, log, checkReady };
  const gate = createGate(serving, settings, () => Promise.reject(new Error('not asked for')));
  const server = createServer(gate.handle).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  // A server that listens on a port has this kind of address.
  const { port } = server.address() as AddressInfo;
  const ask = (headers = {}): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { port, host: '127.0.0.1', path: '/readyz', agent: false, headers } as const;
      const asked = request(options, (answer) => resolve(answer.resume().statusCode ?? 0));
      asked.on('error', reject).end();
    });
  return { gate, ask };
}

test('a hundred who ask at once cost the store one look, and after a second there is another', async () => {
  let looks = 0;
  const held = Promise.withResolvers<void>();
  const { ask } = await openGate(() => {
    looks += 1;
    return held.promise;
  });
  const answers = Array.from({ length: 100 }, () => ask());
  await expect.poll(() => looks).toBe(1);
  held.resolve();
  expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
  vi.setSystemTime(Date.now() + 900);
  expect([await ask(), looks]).toEqual([200, 1]);
  vi.setSystemTime(Date.now() + 200);
  expect([await ask(), looks]).toEqual([200, 2]);
});

test('a store that fails is told, and one that is back a second later', async () => {
  let isGone = true;
  const { ask } = await openGate(() => (isGone ? Promise.reject(new Error('gone')) : Promise.resolve()));
  expect(await ask()).toBe(503);
  isGone = false;
  expect(await ask()).toBe(503);
  vi.setSystemTime(Date.now() + 1_000);
  expect(await ask()).toBe(200);
});

test('who balances load asks by any name, and is told at once when the server is about to end', async () => {
  const check = vi.fn<() => Promise<void>>(async () => {});
  const { gate, ask } = await openGate(check);
  expect(await ask({ host: '10.0.0.7:3000' })).toBe(200);
  gate.close();
  expect(await ask()).toBe(503);
  expect(check).toHaveBeenCalledTimes(1);
});

test('a look that takes long is waited for, and its second begins when it is over', async () => {
  const looks: PromiseWithResolvers<void>[] = [];
  const isReady = createReadiness(() => {
    const look = Promise.withResolvers<void>();
    looks.push(look);
    return look.promise;
  });
  const first = isReady();
  vi.setSystemTime(Date.now() + 5_000);
  const second = isReady();
  expect(looks).toHaveLength(1);
  looks[0]?.resolve();
  expect(await Promise.all([first, second, isReady()])).toEqual([true, true, true]);
  expect(looks).toHaveLength(1);
});
