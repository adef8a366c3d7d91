/** Limits over all tools. The tests set each to one, so that the second call reaches it. */
import { expect } from 'vitest';

import type { JsonObject } from '../../../src/kernel/json.ts';
import { errorOf, resultOf, succeeded } from './answer.ts';
import { callerFor } from './caller.ts';
import { replyTo } from './reply.ts';
import { startServer } from './server.ts';
import type { Subject } from './subject.ts';

/** The second call of one principal is told when to come again; another principal's is not refused. */
export async function checkRequestRate(subject: Subject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'request-rate' });
  resultOf(await server.call(subject));
  const error = errorOf(await server.call(subject));
  expect(error).toMatchObject({ category: 'rate_limited', retryable: true, executed: 'no' });
  expect(error.retry_after_ms).toBeGreaterThan(0);
  const other = await server.call(subject, { caller: { ...callerFor(subject), subject: 'somebody-else' } });
  expect(succeeded(other)).toBe(true);
}

/** The second effect is refused, whichever tool it is of. */
export async function checkWritesTogether(subject: Subject, otherArguments: JsonObject): Promise<void> {
  const server = await startServer({ reply: replyTo(subject), guard: 'all-writes' });
  resultOf(await server.call(subject));
  const error = errorOf(await server.call(subject, { arguments: otherArguments }));
  expect(error).toMatchObject({ category: 'cap_exceeded', retryable: false, executed: 'no' });
  expect(server.upstream.received).toHaveLength(1);
}
