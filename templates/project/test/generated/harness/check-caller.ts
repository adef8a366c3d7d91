/** Who may not call a tool is refused before anything else happens, and is not shown the tool. */
import { expect } from 'vitest';

import { errorOf, resultOf } from './answer.ts';
import { callerFor } from './caller.ts';
import { replyTo } from './reply.ts';
import { startServer } from './server.ts';
import type { Subject } from './subject.ts';
import { untouchableWritePath } from './untouchable-store.ts';

/** A caller who lacks something that the tool asks for. */
export interface RefusedCaller {
  readonly title: string;
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
}

export async function checkCallerRefused(subject: Subject, refused: RefusedCaller): Promise<void> {
  const { writePath, touches } = untouchableWritePath();
  const server = await startServer({ reply: replyTo(subject), writePath });
  const caller = callerFor(subject, refused);
  const error = errorOf(await server.call(subject, { caller }));
  expect(error).toMatchObject({ category: 'permission_denied', retryable: false, executed: 'no' });
  expect(server.runtime.listTools(caller).map((tool) => tool.name)).not.toContain(subject.tool);
  expect(server.upstream.received).toEqual([]);
  expect(touches).toEqual([]);
}

/** A caller who may is shown the tool. */
export async function checkListed(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  expect(server.runtime.listTools(callerFor(subject)).map((tool) => tool.name)).toContain(subject.tool);
}

/** Nothing is written until somebody sets MCP_WRITES, and the refusal says so. */
export async function checkWritesOff(subject: Subject): Promise<void> {
  const { writePath, touches } = untouchableWritePath();
  const server = await startServer({ reply: replyTo(subject), writePath, writes: false });
  const error = errorOf(await server.call(subject));
  expect(error).toMatchObject({ code: 'WRITES_DISABLED', category: 'permission_denied', executed: 'no' });
  expect(error.message).toContain('MCP_WRITES');
  expect(server.upstream.received).toEqual([]);
  expect(touches).toEqual([]);
}

/** Rights that were taken away count for a repeat too: it is not answered from the store. */
export async function checkRevoked(subject: Subject, refused: Omit<RefusedCaller, 'title'>): Promise<void> {
  const server = await startServer({ reply: replyTo(subject) });
  resultOf(await server.call(subject));
  const error = errorOf(await server.call(subject, { caller: callerFor(subject, refused) }));
  expect(error).toMatchObject({ category: 'permission_denied', executed: 'no' });
}
