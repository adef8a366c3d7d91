import { finding, type Finding } from '../finding.ts';
import { isObject, member } from '../pointer.ts';
import type { Manifest, ManifestRequest, ManifestTool } from '../schema.ts';

/** Keys for the upstream that cannot stand where they are to stand in the tool's request. */
export function findMisplacedUpstreamKeys({ tools }: Manifest): Finding[] {
  return tools.flatMap((tool, index) =>
    tool.request === undefined
      ? []
      : checkKey(tool, tool.request, member('/tools', index, 'idempotency', 'upstreamKey')),
  );
}

function checkKey({ name, idempotency }: ManifestTool, request: ManifestRequest, pointer: string): Finding[] {
  const key = idempotency?.upstreamKey;
  if (key === undefined) return [];
  if ('header' in key) {
    const isTaken = Object.keys(request.headers ?? {}).some((one) => one.toLowerCase() === key.header.toLowerCase());
    const args = { place: 'header', name: key.header } as const;
    return isTaken ? [finding('upstream-key-taken', `${pointer}/header`, args)] : [];
  }
  if (!isObject(request.body)) return [finding('upstream-key-without-body', `${pointer}/body`, { tool: name })];
  const args = { place: 'body', name: key.body } as const;
  return Object.hasOwn(request.body, key.body) ? [finding('upstream-key-taken', `${pointer}/body`, args)] : [];
}
