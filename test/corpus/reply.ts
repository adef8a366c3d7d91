/** What a client makes of an answer: the parsed text, and the violations of a refused call. */
import type { CallToolResult } from '@modelcontextprotocol/client';

export interface Reply {
  readonly ok: boolean;
  /** The parsed text of a success. */
  readonly body?: unknown;
  /** The error envelope of a failure. */
  readonly error?: unknown;
  readonly violations: readonly unknown[];
}

export function readReply({ content, isError = false }: CallToolResult): Reply {
  const [block] = content;
  const text = block?.type === 'text' ? block.text : '';
  if (!isError) return { ok: true, body: JSON.parse(text), violations: [] };
  const { error } = Object(JSON.parse(text));
  return { ok: false, error, violations: Object(error).violations ?? [] };
}
