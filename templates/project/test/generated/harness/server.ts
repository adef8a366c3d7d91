/** One server for one test: the project's runtime, a loopback upstream and a store, gone when the test ends. */
import { join } from 'node:path';

import type { CallToolResult } from '@modelcontextprotocol/server';
import { onTestFinished } from 'vitest';

import type { Caller } from '../../../src/kernel/caller.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { Runtime } from '../../../src/kernel/runtime.ts';
import { callerFor } from './caller.ts';
import { startLoopback, type Loopback, type Reply } from './loopback.ts';
import { createTestRuntime, type RuntimeChoices } from './runtime.ts';
import { makeDirectory, openWritePath } from './stores.ts';
import type { Subject } from './subject.ts';

export interface TestServer {
  readonly runtime: Runtime;
  readonly upstream: Loopback;
  /** Calls the subject's tool: with its own arguments, by a caller who may, unless told otherwise. */
  call(subject: Subject, change?: CallChange): Promise<CallToolResult>;
}

export interface CallChange {
  readonly arguments?: JsonObject;
  readonly caller?: Caller;
}

export type ServerChoices = Omit<RuntimeChoices, 'upstreamUrl'> & {
  readonly reply: Reply;
  /** The file of the store, kept by the test; absent: one of its own. */
  readonly storeFile?: string;
};

export async function startServer(choices: ServerChoices): Promise<TestServer> {
  const upstream = await startLoopback(choices.reply);
  const directory = makeDirectory();
  const storeFile = choices.storeFile ?? join(directory.path, 'store.sqlite');
  const runtime = createTestRuntime({
    ...choices,
    upstreamUrl: upstream.url,
    writePath: choices.writePath ?? openWritePath(storeFile),
  });
  onTestFinished(async () => {
    await upstream.close();
    await runtime.close();
    directory.remove();
  });
  return {
    runtime,
    upstream,
    call: (subject, change = {}) =>
      runtime.callTool({
        name: subject.tool,
        arguments: change.arguments ?? subject.arguments,
        caller: change.caller ?? callerFor(subject),
      }),
  };
}
