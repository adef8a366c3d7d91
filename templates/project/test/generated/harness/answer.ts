/** Takes apart what a call answered. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { expect } from 'vitest';

import type { ErrorBody } from '../../../src/kernel/failure.ts';
import type { JsonValue } from '../../../src/kernel/json.ts';

/** The error of a failed call; fails the test where the call succeeded. */
export function errorOf(answer: CallToolResult): ErrorBody {
  expect(answer.isError, `the call should have failed, but answered ${textOf(answer)}`).toBe(true);
  // The envelope of a failed call has this shape: the kernel writes it, and the tests read its members.
  const envelope = JSON.parse(textOf(answer)) as { readonly ok: boolean; readonly error: ErrorBody };
  expect(envelope.ok).toBe(false);
  return envelope.error;
}

/** The result of a call that succeeded; fails the test where it did not. */
export function resultOf(answer: CallToolResult): JsonValue {
  expect(answer.isError ?? false, `the call should have succeeded, but answered ${textOf(answer)}`).toBe(false);
  return JSON.parse(textOf(answer)) as JsonValue;
}

export function succeeded(answer: CallToolResult): boolean {
  return answer.isError !== true;
}

/** A stored answer, given again. */
export function isReplay(answer: CallToolResult): boolean {
  const { _meta: meta } = answer;
  return meta?.['hardened-mcp/replayed'] === true;
}

/** The bytes that a client is shown; what differs between an answer and its replay is the mark alone. */
export function bytesOf(answer: CallToolResult): string {
  return JSON.stringify({ content: answer.content, structuredContent: answer.structuredContent });
}

function textOf(answer: CallToolResult): string {
  const [block] = answer.content;
  return block?.type === 'text' ? block.text : JSON.stringify(answer.content);
}
