/** Every error that the manifest declares is answered as declared, and says truly whether the call was executed. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { expect } from 'vitest';

import type { Category, Executed } from '../../../src/kernel/failure.ts';
import { bytesOf, errorOf, isReplay } from './answer.ts';
import type { HttpReply } from './loopback.ts';
import { expectRecovery, prepareRecovery, type Recovery } from './recovery.ts';
import { replyTo } from './reply.ts';
import { startServer, type TestServer } from './server.ts';
import type { Subject } from './subject.ts';

export interface DeclaredError {
  readonly code: string;
  /** Ends the sentence "answers CODE when …". */
  readonly when: string;
  /** The upstream's answer that means this error. */
  readonly reply: HttpReply;
  readonly category: Category;
  readonly executed: Executed;
  /** Absent where it depends on more than the arguments. */
  readonly message?: string;
  readonly retryAfterMs?: number;
  readonly suggestedAction?: string;
  /** What the same call then finds, for tools that write: this answer again, or what follows an unknown outcome. */
  readonly repeat?: 'same-answer' | Recovery;
}

export async function checkDeclaredError(subject: Subject, declared: DeclaredError): Promise<void> {
  const server = await startServer({ reply: declared.reply });
  const answer = await server.call(subject);
  const error = errorOf(answer);
  const { code, category, executed } = declared;
  expect(error).toMatchObject({ code, category, executed });
  if (declared.message !== undefined) expect(error.message).toBe(declared.message);
  // Whatever an unknown outcome is called: its caller has to check before anything else.
  if (executed === 'unknown') expect(error).toMatchObject({ retryable: false, retry: 'check_status_first' });
  if (declared.suggestedAction !== undefined) expect(error.suggested_action).toBe(declared.suggestedAction);
  if (declared.retryAfterMs !== undefined) expect(error.retry_after_ms).toBe(declared.retryAfterMs);
  expect(server.upstream.received).toHaveLength(1);
  if (declared.repeat === undefined) return;

  server.upstream.answerWith(replyTo(subject));
  await expectRepeat(server, subject, declared.repeat, answer);
}

async function expectRepeat(
  server: TestServer,
  subject: Subject,
  expected: NonNullable<DeclaredError['repeat']>,
  answer: CallToolResult,
): Promise<void> {
  if (expected !== 'same-answer') prepareRecovery(server, subject, expected);
  const repeat = await server.call(subject);
  if (expected !== 'same-answer') return expectRecovery(server, subject, expected, repeat);
  expect(isReplay(repeat)).toBe(true);
  expect(bytesOf(repeat)).toBe(bytesOf(answer));
  expect(server.upstream.received).toHaveLength(1);
}
