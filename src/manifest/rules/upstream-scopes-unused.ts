import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest, ManifestTool } from '../schema.ts';

/** Credentials that are the same whatever is asked for. */
const FIXED = new Set(['none', 'bearer', 'api-key', 'basic']);

/** Scopes for a token that nobody asks for. */
export function findUnusedUpstreamScopes(manifest: Manifest): Finding[] {
  return manifest.tools.flatMap((tool, index) =>
    tool.upstreamScopes === undefined || mayAskForTokens(tool, manifest)
      ? []
      : [finding('upstream-scopes-unused', member('/tools', index, 'upstreamScopes'), { tool: tool.name }, 'key')],
  );
}

/** A handler may reach every upstream. */
function mayAskForTokens({ request }: ManifestTool, { upstreams = {} }: Manifest): boolean {
  const reached = request === undefined ? Object.values(upstreams) : [upstreams[request.upstream]];
  // An upstream that does not exist is another rule's.
  return reached.some((upstream) => upstream === undefined || !FIXED.has(upstream.credential.type));
}
