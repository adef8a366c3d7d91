import { finding, type Finding } from '../finding.ts';
import { declaredRequests } from '../requests.ts';
import type { Manifest } from '../schema.ts';
import { suggestion } from '../suggest.ts';

/** Requests to upstreams that nobody declared. */
export function findUnknownUpstreams(manifest: Manifest): Finding[] {
  const known = Object.keys(manifest.upstreams ?? {});
  return declaredRequests(manifest).flatMap(({ request: { upstream }, pointer }) =>
    known.includes(upstream)
      ? []
      : [finding('unknown-upstream', `${pointer}/upstream`, { upstream, ...suggestion(upstream, known) })],
  );
}
