/** A server that is killed after its request left, and what the next one finds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { CallToolResult } from '@modelcontextprotocol/server';
import { expect, onTestFinished } from 'vitest';

import { errorOf, resultOf, succeeded } from './answer.ts';
import type { CrashingCall } from './crashing-process.ts';
import type { Reply } from './loopback.ts';
import { expectRecovery, prepareRecovery, type Recovery } from './recovery.ts';
import { replyTo } from './reply.ts';
import { startServer, type TestServer } from './server.ts';
import { AFTER_STEP } from './stand-in.ts';
import type { Subject } from './subject.ts';
import { makeStore, OUTLIVES_PROCESS } from './test-store.ts';

/** The tests wait as long; a call that does not get from its claim to its request in time is made again. */
const LEASE_MS = 300;

/** How long `checkCrash` may take at most; usually it takes little more than the lease. */
export const CRASH_TIMEOUT_MS = 60_000;

type Skip = (why: string) => void;

/** Between SENT and DONE: the upstream has the request, nobody has the answer. */
export async function checkCrash(subject: Subject, recovery: Recovery, skip: Skip): Promise<void> {
  const { server, call } = await prepareCrash(subject, { reply: 'hang', skip });
  await callAndDie(call, server.upstream.arrival(1));
  server.upstream.answerWith(replyTo(subject));
  prepareRecovery(server, subject, recovery);
  await expectRecovery(server, subject, recovery, await answerAfterLease(server, subject));
}

/** After its step and before its end: what the step did stands, and the rest is done by the next call. */
export async function checkCrashAfterStep(subject: Subject, skip: Skip): Promise<void> {
  const { server, call } = await prepareCrash(subject, { reply: replyTo(subject), skip });
  server.upstream.answerReadsWith(AFTER_STEP, 'hang');
  await callAndDie(call, server.upstream.readArrival(AFTER_STEP));
  server.upstream.answerReadsWith(AFTER_STEP, { status: 200 });
  const result = resultOf(await answerAfterLease(server, subject));
  if (subject.result !== undefined) expect(result).toEqual(subject.result);
  expect(server.upstream.received).toHaveLength(1);
}

async function prepareCrash(subject: Subject, { reply, skip }: { readonly reply: Reply; readonly skip: Skip }) {
  if (!OUTLIVES_PROCESS) skip('memory ends with its process: MCP_TEST_STORE_URL names a store that does not');
  const store = await makeStore();
  onTestFinished(() => store.remove());
  const storeAddress = store.address;
  const server = await startServer({ reply, storeAddress });
  return { server, call: { subject, storeAddress, upstreamUrl: server.upstream.url, leaseMs: LEASE_MS } };
}

/** Asks until the lease of the process that is gone has expired. */
async function answerAfterLease(server: TestServer, subject: Subject): Promise<CallToolResult> {
  for (;;) {
    const answer = await server.call(subject);
    if (succeeded(answer) || errorOf(answer).category !== 'in_progress') return answer;
    await setTimeout(LEASE_MS / 10);
  }
}

/** Kills the process that makes the call at this moment of it. */
async function callAndDie(call: CrashingCall, moment: Promise<void>): Promise<void> {
  const script = fileURLToPath(new URL('crashing-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {
    // Not as an argument, which everybody on this machine could see: the address of a store may hold a password.
    env: { ...process.env, CRASHING_CALL: JSON.stringify(call) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const first = await Promise.race([moment, exited.then(() => 'exited')]);
  if (first === 'exited') throw new Error('the process failed before its request was read');
  child.kill('SIGKILL');
  await exited;
}
