/** What a repeat finds after an outcome that nobody knows. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { expect } from 'vitest';

import { errorOf, resultOf } from './answer.ts';
import { callerFor } from './caller.ts';
import type { TestServer } from './server.ts';
import type { Subject } from './subject.ts';

/** What a repeat does after an outcome that is not known: wait for a person, or send again. */
export type Recovery = 'quarantine' | 'send-again';

/** The repeat was not executed, and its operation can be looked up; or it was sent again and answered. */
export async function expectRecovery(
  server: TestServer,
  subject: Subject,
  recovery: Recovery,
  answer: CallToolResult,
): Promise<void> {
  if (recovery === 'send-again') {
    resultOf(answer);
    expect(server.upstream.received).toHaveLength(2);
    return;
  }
  const error = errorOf(answer);
  expect(error).toMatchObject({ category: 'outcome_unknown', retry: 'check_status_first', executed: 'unknown' });
  expect(server.upstream.received).toHaveLength(1);
  const status = await server.runtime.callTool({
    name: 'get_operation_status',
    arguments: { operation_id: error.operation_id ?? '' },
    caller: callerFor(subject),
  });
  expect(resultOf(status)).toMatchObject({ state: 'unknown', tool: subject.tool });
}
