import { finding, type Finding } from '../finding.ts';
import { declaredRequests } from '../requests.ts';
import type { Manifest } from '../schema.ts';

/** Bodies of requests that have none. */
export function findUnsentBodies(manifest: Manifest): Finding[] {
  return declaredRequests(manifest).flatMap(({ request: { method, body }, pointer }) =>
    (method === 'GET' || method === 'HEAD') && body !== undefined
      ? [finding('body-not-sent', `${pointer}/body`, { method }, 'key')]
      : [],
  );
}
