/** An upstream as every request reaches it. */
import { failure, type ErrorBody } from '../failure.ts';
import type { CredentialNeed, Settings, UpstreamSettings } from '../settings.ts';
import { CredentialUnavailable } from './credentials/unavailable.ts';
import type { EncodedRequest } from './encode.ts';
import { withFixedHeaders } from './headers.ts';

/** Throws where the server has no upstream of that name. */
export function findUpstream(settings: Settings, name: string): UpstreamSettings {
  const upstream = settings.upstreams.get(name);
  if (upstream === undefined) throw new Error(`There is no upstream named ${name}`);
  return upstream;
}

/** Half the lease is left for the last attempt to end in, so that no retry outlives the claim. */
export function retryWindow(settings: Settings): number {
  return Math.min(settings.deadlineMs, settings.leaseMs / 2);
}

export type Authorized =
  | { readonly kind: 'ready'; readonly request: EncodedRequest }
  | { readonly kind: 'refused'; readonly error: ErrorBody };

/** The request with every header it leaves with, the credential among them. Nothing has left yet. Never rejects. */
export async function authorized(
  upstream: UpstreamSettings,
  request: EncodedRequest,
  need: CredentialNeed,
): Promise<Authorized> {
  const headers = withFixedHeaders(request.headers);
  try {
    await upstream.authorize(headers, need);
    return { kind: 'ready', request: { ...request, headers } };
  } catch (error) {
    // Any other error may quote the secret, and says nothing that the caller could act on.
    return { kind: 'refused', error: error instanceof CredentialUnavailable ? error.body : failure(UNREADABLE) };
  }
}

/** E.g. because its file is gone. */
const UNREADABLE = {
  code: 'UPSTREAM_CREDENTIAL_UNREADABLE',
  category: 'internal',
  message: "The server's own credential for the upstream cannot be read, so nothing was sent.",
} as const;
