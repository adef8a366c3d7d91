import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { createGate, type Gate } from '../../../templates/kernel/transport/http-gate.ts';
import type { ServeOperations } from '../../../templates/kernel/transport/transport.ts';
import { callerOf } from './desks.ts';

/** The gate with so many calls under way, and the paths that operators got through to. */
async function openGate({ callsUnderWay }: { readonly callsUnderWay: number }) {
  const through: string[] = [];
  const operations: ServeOperations = async (request, response, caller) => {
    through.push(`${caller.subject} ${request.url}`);
    response.end('{}');
  };
  const nobody = () => Promise.reject(new Error('not asked for'));
  const runtime = {
    listTools: () => [],
    callTool: nobody,
    refuseUnscoped: () => undefined,
    noteMalformed: () => {},
    callsUnderWay: () => callsUnderWay,
    close: nobody,
  };
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const limits = { maxBodyBytes: 1_000, maxDepth: 5, maxElements: 50 };
  const caller = callerOf('bo');
  const settings = { host: '127.0.0.1', port: 0, allowedHosts: ['127.0.0.1'], allowedOrigins: [] };
  const gate: Gate = createGate({ runtime, caller, limits, log, operations, checkReady: nobody }, settings, nobody);
  const server = createServer(gate.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  return { gate, through, ask };
}

test('operators get through with who they are, and only below their path', async () => {
  const { through, ask } = await openGate({ callsUnderWay: 0 });
  expect(await ask('/operations?state=failed')).toBe(200);
  expect(await ask('/operations/op_1')).toBe(200);
  expect(await ask('/operationsx')).toBe(404);
  expect(await ask('/x/operations')).toBe(404);
  expect(through).toEqual(['bo /operations?state=failed', 'bo /operations/op_1']);
});

test('operators wait like all others where the server has too much to do, or is about to end', async () => {
  const full = await openGate({ callsUnderWay: 64 });
  expect(await full.ask('/operations')).toBe(503);
  const ending = await openGate({ callsUnderWay: 0 });
  ending.gate.close();
  expect(await ending.ask('/operations')).toBe(503);
  expect([...full.through, ...ending.through]).toEqual([]);
});
