/** The argument by which a caller names its operation, for clients that cannot send `_meta`. */
import { isObject } from '../manifest/pointer.ts';
import type { JsonObject } from './project.ts';

/** Without an example: a model would send it, and two operations would share a key. */
const CALLER_KEY: JsonObject = {
  type: 'string',
  minLength: 16,
  maxLength: 255,
  pattern: '^[\\x21-\\x7e]+$',
  description:
    'Names this operation: 16 to 255 visible ASCII characters. Send the same key when you repeat the call, a new one for a new operation.',
};

/** The shown schema with `idempotency_key` added, unless the tool has an argument of that name. */
export function withCallerKey(schema: JsonObject): JsonObject {
  const properties = isObject(schema['properties']) ? (schema['properties'] as JsonObject) : {};
  if (Object.hasOwn(properties, 'idempotency_key')) return schema;
  return { ...schema, properties: { ...properties, idempotency_key: CALLER_KEY } };
}
