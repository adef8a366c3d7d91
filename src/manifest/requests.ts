/** Every request that a manifest declares. */
import { member } from './pointer.ts';
import type { Manifest, ManifestRequest } from './schema.ts';

export interface PlacedRequest {
  readonly request: ManifestRequest;
  readonly pointer: string;
}

/** The requests of tools, of their look-ups and of their preconditions. */
export function declaredRequests(manifest: Manifest): PlacedRequest[] {
  return manifest.tools.flatMap(({ request, idempotency, preconditions = [] }, index) => {
    const pointer = member('/tools', index);
    const lookup = idempotency?.lookup;
    return [
      ...(request ? [{ request, pointer: `${pointer}/request` }] : []),
      ...(lookup ? [{ request: lookup.request, pointer: `${pointer}/idempotency/lookup/request` }] : []),
      ...preconditions.map((precondition, position) => ({
        request: precondition.request,
        pointer: member(pointer, 'preconditions', position, 'request'),
      })),
    ];
  });
}
