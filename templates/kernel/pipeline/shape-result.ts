/** A result on its way out: plain JSON, and of what the output schema names nothing more. */
import { areBlocks } from '../content.ts';
import type { JsonValue } from '../json.ts';
import type { Validator } from '../tool.ts';

/** The JSON that a handler's value stands for; nothing becomes null. Throws where it stands for none. */
export function toJson(value: unknown): JsonValue {
  const text: string | undefined = JSON.stringify(value);
  // What JSON.parse returns is JSON.
  return text === undefined ? null : (JSON.parse(text) as JsonValue);
}

/** JSON text of the result, which is stripped to the output schema in place; `undefined` where it does not fit. */
export function shapeResult(result: JsonValue, output: Validator | undefined): string | undefined {
  if (output !== undefined && !output(result)) return undefined;
  return JSON.stringify(result);
}

/** JSON text of blocks of content; `undefined` where they are none, or where the tool promises a value. */
export function shapeContent(blocks: JsonValue, output: Validator | undefined): string | undefined {
  return output === undefined && areBlocks(blocks) ? JSON.stringify(blocks) : undefined;
}
