/** What a handler tool without an output schema may return in place of a value: pictures, sound, links, embedded resources. */
import { isSpecType, type ContentBlock } from '@modelcontextprotocol/server';

const BLOCKS = Symbol('blocks of content');

/** Made by `rawContent` alone: no answer of an upstream can pass for it. */
export interface RawContent {
  readonly [BLOCKS]: readonly ContentBlock[];
}

/**
 * The blocks reach the client as they are: `return rawContent({ type: 'image', data: base64, mimeType: 'image/png' })`.
 * A repeated call of a tool that writes gets the same blocks again.
 */
export function rawContent(...blocks: readonly ContentBlock[]): RawContent {
  return { [BLOCKS]: blocks };
}

/** `undefined` for every other value. */
export function blocksIn(value: unknown): readonly ContentBlock[] | undefined {
  return isRawContent(value) ? value[BLOCKS] : undefined;
}

function isRawContent(value: unknown): value is RawContent {
  return typeof value === 'object' && value !== null && BLOCKS in value;
}

/** Whether these are blocks that MCP has. */
export function areBlocks(value: unknown): value is ContentBlock[] {
  return Array.isArray(value) && value.every((block) => isSpecType.ContentBlock(block));
}
