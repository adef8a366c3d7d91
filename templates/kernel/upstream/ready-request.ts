/** A declared request, filled in, encoded and authorized. Nothing has left yet. */
import type { Delegation } from '../delegation.ts';
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

/** Waits for the credential where it has to be obtained, until `signal`. */
export async function readyRequest(
  declared: RequestDeclaration,
  upstream: UpstreamSettings,
  about: { readonly scope: Scope; readonly delegation: Delegation | undefined; readonly signal: AbortSignal },
): Promise<Ready> {
  const { scope, delegation, signal } = about;
  let encoded: EncodedRequest;
  try {
    encoded = encodeRequest(declared, upstream.baseUrl, scope);
  } catch (error) {
    if (error instanceof NotEncodable) return { kind: 'refused', error: refusalOf(error) };
    throw error;
  }
  const ready = await authorized(upstream, encoded, { scopes: declared.upstreamScopes, delegation, signal });
  return ready.kind === 'refused' ? ready : { ...ready, digest: digestOf(encoded) };
}

function refusalOf({ field, reason }: NotEncodable): ErrorBody {
  const message = `The argument ${field} ${reason}.`;
  const violations = [{ field, rule: 'encoding' }];
  return failure({ code: 'INVALID_ARGUMENTS', category: 'invalid_input', message }, { violations });
}
