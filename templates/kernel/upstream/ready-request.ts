/** A declared request, filled in, encoded and authorized. Nothing has left yet. */
import type { Scope } from '../expression.ts';
import { failure, type ErrorBody } from '../failure.ts';
import type { UpstreamSettings } from '../settings.ts';
import type { RequestDeclaration } from '../tool.ts';
import { digestOf } from './digest.ts';
import { encodeRequest, type EncodedRequest } from './encode.ts';
import { NotEncodable } from './not-encodable.ts';
import { authorized } from './upstream.ts';

export type Ready =
  | { readonly kind: 'ready'; readonly request: EncodedRequest; readonly digest: string }
  | { readonly kind: 'refused'; readonly error: ErrorBody };

export function readyRequest(declared: RequestDeclaration, upstream: UpstreamSettings, scope: Scope): Ready {
  let encoded: EncodedRequest;
  try {
    encoded = encodeRequest(declared, upstream.baseUrl, scope);
  } catch (error) {
    if (error instanceof NotEncodable) return { kind: 'refused', error: refusalOf(error) };
    throw error;
  }
  const request = authorized(upstream, encoded);
  return request === undefined
    ? { kind: 'refused', error: failure(NO_CREDENTIAL) }
    : { kind: 'ready', request, digest: digestOf(encoded) };
}

const NO_CREDENTIAL = {
  code: 'UPSTREAM_CREDENTIAL_UNREADABLE',
  category: 'internal',
  message: "The server's own credential for the upstream cannot be read, so nothing was sent.",
} as const;

function refusalOf({ field, reason }: NotEncodable): ErrorBody {
  const message = `The argument ${field} ${reason}.`;
  const violations = [{ field, rule: 'encoding' }];
  return failure({ code: 'INVALID_ARGUMENTS', category: 'invalid_input', message }, { violations });
}
