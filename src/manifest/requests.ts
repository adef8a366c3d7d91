/** Every request that a manifest declares. */
import { member } from './pointer.ts';
import type { Manifest, ManifestRequest, ManifestTool } from './schema.ts';

export interface PlacedRequest {
  readonly request: ManifestRequest;
  readonly pointer: string;
}

/** The requests of tools, of their look-ups and of their preconditions. */
export function declaredRequests(manifest: Manifest): PlacedRequest[] {
  return manifest.tools.flatMap((tool, index) => {
    const pointer = member('/tools', index);
    const { request } = tool;
    return [...(request ? [{ request, pointer: `${pointer}/request` }] : []), ...readsOf(tool, pointer)];
  });
}

/** Those that only read: of look-ups and preconditions. */
export function readRequests(manifest: Manifest): PlacedRequest[] {
  return manifest.tools.flatMap((tool, index) => readsOf(tool, member('/tools', index)));
}

function readsOf({ idempotency, preconditions = [] }: ManifestTool, pointer: string): PlacedRequest[] {
  const lookup = idempotency?.lookup;
  return [
    ...(lookup ? [{ request: lookup.request, pointer: `${pointer}/idempotency/lookup/request` }] : []),
    ...preconditions.map(({ request }, position) => ({
      request,
      pointer: member(pointer, 'preconditions', position, 'request'),
    })),
  ];
}
