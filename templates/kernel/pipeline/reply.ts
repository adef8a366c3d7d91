/** Step 15: the answer as MCP has it. Built from the text that is kept, so that a replay has the same bytes. */
import type { CallToolResult } from '@modelcontextprotocol/server';

import type { Outcome } from '../execution.ts';
import type { ErrorBody } from '../failure.ts';
import { showHidden } from '../hidden-text.ts';

export interface ReplyOptions {
  /** The tool has an output schema, which the result was stripped to. */
  readonly structured: boolean;
  readonly replayed?: boolean;
  /** `false`: it was executed, but that is not on record. */
  readonly recorded?: boolean;
}

export function replyWith(
  outcome: Outcome,
  { structured, replayed = false, recorded = true }: ReplyOptions,
): CallToolResult {
  const meta = {
    ...(replayed ? { 'hardened-mcp/replayed': true } : {}),
    ...(recorded ? {} : { 'hardened-mcp/recorded': false }),
  };
  const content = outcome.ok ? contentOf(outcome, structured) : errorContent(outcome.error);
  return Object.keys(meta).length === 0 ? content : { ...content, _meta: meta };
}

function contentOf({ result, isContent }: Extract<Outcome, { ok: true }>, structured: boolean): CallToolResult {
  const value: unknown = JSON.parse(result);
  // What is kept as content was checked to be it.
  if (isContent) return { content: value } as CallToolResult;
  // Text that an upstream made reads as it is written: nothing in it is hidden from people and seen by the model.
  const text = showHidden(typeof value === 'string' && !structured ? value : result);
  return { content: [{ type: 'text', text }], ...(structured ? { structuredContent: value } : {}) } as CallToolResult;
}

function errorContent(error: ErrorBody): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: JSON.stringify({ ok: false, error }) }] };
}
