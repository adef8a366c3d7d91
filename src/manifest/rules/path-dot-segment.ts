import { finding, type Finding } from '../finding.ts';
import { declaredRequests } from '../requests.ts';
import type { Manifest } from '../schema.ts';

/** Paths with a segment that a URL parser takes away: `.`, `..`, also percent-encoded, or an empty one. */
export function findDotSegments(manifest: Manifest): Finding[] {
  return declaredRequests(manifest).flatMap(({ request: { path }, pointer }) => {
    // The braces' own slashes are no segments, and a trailing slash is one that many APIs want.
    const segments = path
      .replaceAll(/\{[^{}]*\}/g, '{}')
      .split('/')
      .slice(1);
    const isUnsafe = segments.some(
      (segment, index) => /^(\.|%2e){1,2}$/i.test(segment) || (segment === '' && index < segments.length - 1),
    );
    return isUnsafe ? [finding('path-dot-segment', `${pointer}/path`, { path })] : [];
  });
}
