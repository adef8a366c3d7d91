/** A server that is killed after its request left, and what the next one finds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import type { CallToolResult } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';

import { errorOf, succeeded } from './answer.ts';
import type { CrashingCall } from './crashing-process.ts';
import { expectRecovery, type Recovery } from './recovery.ts';
import { replyTo } from './reply.ts';
import { startServer, type TestServer } from './server.ts';
import type { Subject } from './subject.ts';
import { makeStore, OUTLIVES_PROCESS } from './test-store.ts';

/** The tests wait as long; a call that does not get from its claim to its request in time is made again. */
const LEASE_MS = 300;

/** How long `checkCrash` may take at most; usually it takes little more than the lease. */
export const CRASH_TIMEOUT_MS = 60_000;

/** Between SENT and DONE: the upstream has the request, nobody has the answer. */
export async function checkCrash(subject: Subject, recovery: Recovery, skip: (why: string) => void): Promise<void> {
  if (!OUTLIVES_PROCESS) skip('memory ends with its process: MCP_TEST_STORE_URL names a store that does not');
  const store = await makeStore();
  onTestFinished(() => store.remove());
  const storeAddress = store.address;
  const server = await startServer({ reply: 'hang', storeAddress });
  await callAndDie({ subject, storeAddress, upstreamUrl: server.upstream.url, leaseMs: LEASE_MS }, server);
  server.upstream.answerWith(replyTo(subject));
  await expectRecovery(server, subject, recovery, await answerAfterLease(server, subject));
}

/** Asks until the lease of the process that is gone has expired. */
async function answerAfterLease(server: TestServer, subject: Subject): Promise<CallToolResult> {
  for (;;) {
    const answer = await server.call(subject);
    if (succeeded(answer) || errorOf(answer).category !== 'in_progress') return answer;
    await setTimeout(LEASE_MS / 10);
  }
}

async function callAndDie(call: CrashingCall, server: TestServer): Promise<void> {
  const script = fileURLToPath(new URL('crashing-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script], {
    // Not as an argument, which everybody on this machine could see: the address of a store may hold a password.
    env: { ...process.env, CRASHING_CALL: JSON.stringify(call) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  const first = await Promise.race([server.upstream.arrival(1), exited.then(() => 'exited')]);
  if (first === 'exited') throw new Error('the process failed before its request was read');
  child.kill('SIGKILL');
  await exited;
}
