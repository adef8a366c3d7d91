/** Which headers a request may set, and to what. */
import { inspect } from 'node:util';

import { NotEncodable } from './not-encodable.ts';

/** Decided by the connection, the encoders or the credential; a declaration or a call must never set them. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function isReservedHeader(name: string): boolean {
  return RESERVED_HEADERS.has(name.toLowerCase());
}

/** Visible ASCII with inner spaces; anything else could end the header or be read as something else. */
export function isHeaderValue(value: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value);
}

const FIXED_HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'hardened-mcp',
} as const;

/** Headers with a credential among them: nothing that shows an object shows them. */
class SealedHeaders extends Headers {
  [inspect.custom](): string {
    return '[headers]';
  }
}

/** A copy with the headers that every request has, unless it declares its own; the credential is added to it. */
export function withFixedHeaders(declared: Headers): Headers {
  const headers = new SealedHeaders(FIXED_HEADERS);
  for (const [name, value] of declared) headers.set(name, value);
  return headers;
}

/** Throws `NotEncodable` for a value that a header cannot hold, and an error for a reserved header. */
export function setHeader(
  headers: Headers,
  header: { readonly name: string; readonly value: string; readonly field: string },
): void {
  if (isReservedHeader(header.name)) throw new Error(`The header ${header.name} is not a request's to set`);
  if (!isHeaderValue(header.value)) {
    throw new NotEncodable(header.field, 'must be visible ASCII, not empty: it is the value of a header');
  }
  headers.set(header.name, header.value);
}
