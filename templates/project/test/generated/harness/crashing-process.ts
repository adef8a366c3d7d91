/**
 * A process of its own that makes one call, on the store and the upstream that its argument names. It is killed
 * while it waits for the upstream.
 */
import { callerFor } from './caller.ts';
import { createTestRuntime } from './runtime.ts';
import { openProjectStore } from './stores.ts';
import type { Subject } from './subject.ts';

export interface CrashingCall {
  readonly subject: Subject;
  readonly storeFile: string;
  readonly upstreamUrl: string;
  readonly leaseMs: number;
}

// The test that starts this process writes its argument.
const { subject, storeFile, upstreamUrl, leaseMs } = JSON.parse(process.argv[2] ?? '') as CrashingCall;

const store = openProjectStore(storeFile);
const runtime = createTestRuntime({ upstreamUrl, leaseMs, ...(store === undefined ? {} : { store }) });
await runtime.callTool({ name: subject.tool, arguments: subject.arguments, caller: callerFor(subject) });
