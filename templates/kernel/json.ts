/** JSON values: told apart, read by path, and measured against caps. */

export type JsonPrimitive = string | number | boolean | null;
export type JsonValue = JsonPrimitive | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The tokens of a JSON Pointer (RFC 6901): `/a~1b/0` → `['a/b', '0']`. */
export function pointerTokens(pointer: string): string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A JSON Pointer from its tokens. */
export function pointerOf(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const ARRAY_INDEX = /^(?:0|[1-9][0-9]*)$/;

/**
 * The value at a JSON Pointer; `undefined` where there is none. Only members of the JSON count, so that
 * `/constructor` and an array's `/length` find nothing by themselves.
 */
export function valueAt(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  let current: JsonValue | undefined = value;
  for (const token of pointerTokens(pointer)) {
    if (isJsonObject(current)) {
      current = Object.hasOwn(current, token) ? current[token] : undefined;
    } else if (isJsonArray(current) && ARRAY_INDEX.test(token)) {
      current = current[Number(token)];
    } else {
      return undefined;
    }
  }
  return current;
}

/** `Array.isArray` does not narrow readonly arrays. */
export function isJsonArray(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * The first cap that a value breaks, or `undefined`. A scalar has depth 0; every member and item is an
 * element. Walks with its own stack, so that no nesting can exhaust the call stack.
 */
export function brokenCap(
  value: unknown,
  caps: { readonly maxDepth: number; readonly maxElements: number },
): 'depth' | 'elements' | undefined {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value, depth: 0 }];
  let elements = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    const depth = next.depth + 1;
    if (depth > caps.maxDepth) return 'depth';
    for (const member of Object.values(next.value)) {
      elements += 1;
      if (elements > caps.maxElements) return 'elements';
      open.push({ value: member, depth });
    }
  }
  return undefined;
}
