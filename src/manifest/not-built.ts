/** What a manifest may say already, but this version does not build: never a silent no-op. */
import { createDiagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { member } from './pointer.ts';
import type { Manifest, ManifestTool } from './schema.ts';

interface Unbuilt {
  readonly pointer: string;
  readonly feature: string;
  readonly instead?: string;
}

/** One `not-built-yet` for every such field; empty where all of the manifest can be generated. */
export function notBuiltYet(manifest: Manifest): Diagnostic<'not-built-yet'>[] {
  const found = [
    ...inAuth(manifest),
    ...inUpstreams(manifest),
    ...inLimits(manifest),
    ...manifest.tools.flatMap((tool, index) => inTool(tool, member('/tools', index))),
  ];
  return found.map(({ pointer, ...args }) => createDiagnostic('not-built-yet', args, { pointer }));
}

function inAuth({ auth, server }: Manifest): Unbuilt[] {
  if (auth?.type !== 'oauth' || !server.transports.includes('http')) return [];
  return [
    {
      pointer: '/auth/type',
      feature: 'auth by OAuth over http',
      instead: 'Use "auth: { type: none }", or the transport stdio alone',
    },
  ];
}

function inUpstreams({ upstreams = {} }: Manifest): Unbuilt[] {
  const built = new Set(['none', 'bearer', 'api-key', 'basic']);
  return Object.entries(upstreams)
    .filter(([, { credential }]) => !built.has(credential.type))
    .map(([name, { credential }]) => ({
      pointer: member('/upstreams', name, 'credential', 'type'),
      feature: `the credential ${credential.type}`,
      instead: 'Use bearer, api-key or basic',
    }));
}

function inLimits({ limits }: Manifest): Unbuilt[] {
  return [
    ...(limits?.requestsPerMinute === undefined
      ? []
      : [{ pointer: '/limits/requestsPerMinute', feature: 'limits on requests' }]),
    ...(limits?.writes === undefined ? [] : [{ pointer: '/limits/writes', feature: 'caps on writes' }]),
  ];
}

function inTool(tool: ManifestTool, pointer: string): Unbuilt[] {
  const at = (field: string, feature: string, instead?: string): Unbuilt => ({
    pointer: `${pointer}/${field}`,
    feature,
    ...(instead === undefined ? {} : { instead }),
  });
  const { idempotency, approval } = tool;
  return [
    ...(tool.upstreamScopes ? [at('upstreamScopes', 'tokens minted with upstreamScopes')] : []),
    ...(idempotency?.strategy === 'read-before-write'
      ? [at('idempotency/strategy', 'the strategy read-before-write', 'Use derived-key')]
      : []),
    ...(idempotency?.upstreamKey ? [at('idempotency/upstreamKey', "the upstream's own idempotency key")] : []),
    ...(idempotency?.lookup
      ? [at('idempotency/lookup', 'read-back of unknown outcomes', 'Use "recovery: quarantine"')]
      : []),
    ...(approval && approval !== 'none'
      ? [at('approval', 'approvals', 'Use "approval: none" with a reason, if that is right')]
      : []),
    ...(tool.limits ? [at('limits', 'caps on writes')] : []),
    ...(tool.preconditions ? [at('preconditions', 'preconditions')] : []),
  ];
}
