/** One server for one test: the project's runtime, a loopback upstream and a store, gone when the test ends. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';

import type { Caller } from '../../../src/kernel/caller.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { OperationsDesk } from '../../../src/kernel/operations/desk.ts';
import type { Runtime, ToolCall } from '../../../src/kernel/runtime.ts';
import { callerFor } from './caller.ts';
import { startLoopback, type Loopback, type Reply } from './loopback.ts';
import { createTestRuntime, openOperations, type RuntimeChoices } from './runtime.ts';
import type { Subject } from './subject.ts';
import { makeStore, openStore } from './test-store.ts';

export interface TestServer {
  readonly runtime: Runtime;
  readonly upstream: Loopback;
  /** Calls the subject's tool: with its own arguments, by a caller who may, unless told otherwise. */
  call(subject: Subject, change?: CallChange): Promise<CallToolResult>;
  /** What operators may do about operations. Throws where no tool writes. */
  operations(): OperationsDesk;
}

export interface CallChange extends Pick<ToolCall, 'ask' | 'consent'> {
  readonly arguments?: JsonObject;
  readonly caller?: Caller;
}

export type ServerChoices = Omit<RuntimeChoices, 'upstreamUrl'> & {
  readonly reply: Reply;
  /** Tells windows of time; absent: the store's own clock. */
  readonly now?: () => Promise<number>;
  /** The address of the store, kept by the test; absent: one of its own. */
  readonly storeAddress?: string;
};

export async function startServer(choices: ServerChoices): Promise<TestServer> {
  const upstream = await startLoopback(choices.reply);
  const store = await makeStore();
  const writePath = choices.writePath ?? (await openStore(choices.storeAddress ?? store.address, choices));
  const runtime = createTestRuntime({ ...choices, upstreamUrl: upstream.url, writePath });
  onTestFinished(async () => {
    await upstream.close();
    await runtime.close();
    await store.remove();
  });
  return {
    runtime,
    upstream,
    call: (subject, { ask, consent, ...change } = {}) =>
      runtime.callTool({
        name: subject.tool,
        arguments: change.arguments ?? subject.arguments,
        caller: change.caller ?? callerFor(subject),
        ask,
        consent,
      }),
    operations: () => {
      if (writePath === undefined) throw new Error('no tool of this server writes');
      return openOperations(writePath);
    },
  };
}
