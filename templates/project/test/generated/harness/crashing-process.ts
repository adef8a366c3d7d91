/**
 * A process of its own that makes a call, on the store and the upstream that CRASHING_CALL names. It is killed
 * while that call waits for the upstream, so it never gets to the next.
 */
import { callerFor } from './caller.ts';
import { createTestRuntime } from './runtime.ts';
import type { Subject } from './subject.ts';
import { openStore } from './test-store.ts';

export interface CrashingCall {
  readonly subject: Subject;
  readonly storeAddress: string;
  readonly upstreamUrl: string;
  readonly leaseMs: number;
}

/** A loaded machine may let the lease run out before the request is sent; then nothing is sent. */
const MOST_ATTEMPTS = 100;

// The test that starts this process writes the variable.
const call = JSON.parse(process.env['CRASHING_CALL'] ?? '') as CrashingCall;
const { subject, storeAddress, upstreamUrl, leaseMs } = call;

const runtime = createTestRuntime({ upstreamUrl, leaseMs, writePath: await openStore(storeAddress) });
for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
  await runtime.callTool({ name: subject.tool, arguments: subject.arguments, caller: callerFor(subject) });
}
