import { finding, type Finding } from '../finding.ts';
import { readRequests } from '../requests.ts';
import type { Manifest } from '../schema.ts';

/** Look-ups and preconditions by a method that may change something. */
export function findWritingReads(manifest: Manifest): Finding[] {
  return readRequests(manifest).flatMap(({ request: { method }, pointer }) =>
    method === 'GET' || method === 'HEAD' ? [] : [finding('request-not-read', `${pointer}/method`, { method })],
  );
}
