/** What a repeat finds after an outcome that nobody knows. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { expect } from 'vitest';

import { isJsonObject, type JsonValue } from '../../../src/kernel/json.ts';
import { errorOf, resultOf } from './answer.ts';
import { callerFor } from './caller.ts';
import type { ReceivedRequest } from './loopback.ts';
import type { TestServer } from './server.ts';
import type { KeyPlace, Subject } from './subject.ts';
import { LOOKUP } from './under-test.ts';

/**
 * What a repeat does after an outcome that is not known: wait for a person, send again, send again under the same key,
 * or find that it was executed, or that it was not.
 */
export type Recovery = 'quarantine' | 'send-again' | 'resend' | 'found' | 'not-found';

/** To be called before the repeat: what the upstream then knows of the effect. */
export function prepareRecovery(server: TestServer, subject: Subject, recovery: Recovery): void {
  if (recovery !== 'found') return;
  server.upstream.answerReadsWith(LOOKUP, { status: 200, body: subject.found?.body ?? null });
}

export async function expectRecovery(
  server: TestServer,
  subject: Subject,
  recovery: Recovery,
  answer: CallToolResult,
): Promise<void> {
  const { received, reads } = server.upstream;
  switch (recovery) {
    case 'quarantine':
      return expectQuarantine(server, subject, answer);
    case 'found':
      expect(resultOf(answer)).toEqual(subject.found?.result);
      expect(received).toHaveLength(1);
      break;
    case 'resend':
      resultOf(answer);
      expect(received).toHaveLength(2);
      expectSameKey(received, subject.upstreamKey);
      break;
    case 'not-found':
      expect(reads).toContain(LOOKUP);
      resultOf(answer);
      expect(received).toHaveLength(2);
      break;
    case 'send-again':
      resultOf(answer);
      expect(received).toHaveLength(2);
  }
}

/** It was not executed, and its operation can be looked up. */
async function expectQuarantine(server: TestServer, subject: Subject, answer: CallToolResult): Promise<void> {
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

/** An upstream that has one effect per key got one key. */
function expectSameKey(received: readonly ReceivedRequest[], place: KeyPlace | undefined): void {
  const [first, second] = received.map((request) => keyIn(request, place));
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toBe(first);
}

function keyIn({ headers, body }: ReceivedRequest, place: KeyPlace | undefined): JsonValue | undefined {
  if (place?.place === 'header') return headers[place.name.toLowerCase()];
  if (place === undefined) return undefined;
  if (headers['content-type']?.includes('form') === true) return new URLSearchParams(body).get(place.name) ?? undefined;
  const sent: JsonValue = JSON.parse(body) as JsonValue;
  return isJsonObject(sent) ? sent[place.name] : undefined;
}
