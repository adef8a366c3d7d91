/** Which effect a call means, and with which arguments: two hashes over RFC 8785 JSON. */
import { createHash } from 'node:crypto';

import canonicalize from 'canonicalize';

import type { JsonObject, JsonValue } from '../json.ts';

/** Everything that sets one effect apart from another. */
export interface KeyParts {
  readonly tenant: string | null;
  readonly subject: string;
  readonly server: string;
  readonly environment: string;
  readonly tool: string;
  /** How the tool makes its key: another way of making it makes other keys. */
  readonly spec: JsonValue;
  readonly values: readonly JsonValue[];
  readonly occurrence: JsonValue;
}

/** SHA-256 of the parts, hex. */
export function hashKey(parts: KeyParts): string {
  const { tenant, subject, server, environment, tool, spec, values, occurrence } = parts;
  return hashJson(['v1', tenant, subject, server, environment, tool, spec, values, occurrence]);
}

/** SHA-256 of all arguments that reach the effect, hex. */
export function hashArguments(args: JsonObject): string {
  return hashJson(args);
}

/** SHA-256 of the canonical JSON: the order of members is no difference. Throws on text that is no Unicode. */
export function hashJson(value: JsonValue): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex');
}
