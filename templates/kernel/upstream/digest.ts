/** What a request is told apart by from any other. */
import { createHash } from 'node:crypto';

import type { EncodedRequest } from './encode.ts';

/** SHA-256, hex. The credential is no part of it: a rotated secret makes no other request. */
export function digestOf({ method, url, headers, body }: EncodedRequest): string {
  // Headers come sorted and in lower case.
  const parts = [method, url.href, [...headers], body ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
