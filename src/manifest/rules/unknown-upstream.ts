import { finding, type Finding } from '../finding.ts';
import { declaredRequests } from '../requests.ts';
import type { Manifest } from '../schema.ts';
import { suggestion } from '../suggest.ts';

/** Requests, and traces, to upstreams that nobody declared. */
export function findUnknownUpstreams(manifest: Manifest): Finding[] {
  const known = Object.keys(manifest.upstreams ?? {});
  const requests = declaredRequests(manifest).map(({ request, pointer }) => ({
    upstream: request.upstream,
    pointer: `${pointer}/upstream`,
  }));
  const traced = (manifest.observability?.sendTraceTo ?? []).map((upstream, index) => ({
    upstream,
    pointer: `/observability/sendTraceTo/${index}`,
  }));
  return [...requests, ...traced].flatMap(({ upstream, pointer }) =>
    known.includes(upstream)
      ? []
      : [finding('unknown-upstream', pointer, { upstream, ...suggestion(upstream, known) })],
  );
}
