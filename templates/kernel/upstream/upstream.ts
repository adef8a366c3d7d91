/** An upstream as every request reaches it. */
import type { Settings, UpstreamSettings } from '../settings.ts';
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

/**
 * The request with every header it leaves with, the credential among them. `undefined` where that cannot be read any
 * more, e.g. because its file is gone.
 */
export function authorized(upstream: UpstreamSettings, request: EncodedRequest): EncodedRequest | undefined {
  const headers = withFixedHeaders(request.headers);
  try {
    upstream.authorize(headers);
    return { ...request, headers };
  } catch {
    // The error may quote the secret, and says nothing that the caller could act on.
    return undefined;
  }
}
