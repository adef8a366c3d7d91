/** Arguments that are shown nowhere: neither in errors nor, but for their hash, in audit. */
import type { JsonValue } from './json.ts';

/**
 * Whether the value of the field is not to be shown: it lies at or below one of the JSON Pointers, or is a scalar where
 * one of them lies below it, so that it may be what they mean in another shape. A `*` in a pointer stands for any item
 * or member.
 */
export function isSensitive(field: string, value: JsonValue | undefined, sensitive: readonly string[]): boolean {
  const isScalar = typeof value !== 'object' || value === null;
  const tokens = field.split('/');
  return sensitive.some((pointer) => {
    const pattern = pointer.split('/');
    return (pattern.length <= tokens.length || isScalar) && agree(pattern, tokens);
  });
}

/** As far as both go. */
function agree(pattern: readonly string[], tokens: readonly string[]): boolean {
  const shared = pattern.slice(0, tokens.length);
  return shared.every((token, index) => token === '*' || token === tokens[index]);
}
