/** What a manifest may say already, but this version does not build: never a silent no-op. */
import { createDiagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts';
import { member } from './pointer.ts';
import type { Manifest } from './schema.ts';

interface Unbuilt {
  readonly pointer: string;
  readonly feature: string;
  readonly instead?: string;
}

/** One `not-built-yet` for every such field; empty where all of the manifest can be generated. */
export function notBuiltYet(manifest: Manifest): Diagnostic<'not-built-yet'>[] {
  const found = inUpstreams(manifest);
  return found.map(({ pointer, ...args }) => createDiagnostic('not-built-yet', args, { pointer }));
}

function inUpstreams({ upstreams = {} }: Manifest): Unbuilt[] {
  const built = new Set(['none', 'bearer', 'api-key', 'basic', 'oauth-client-credentials', 'provider']);
  return Object.entries(upstreams)
    .filter(([, { credential }]) => !built.has(credential.type))
    .map(([name, { credential }]) => ({
      pointer: member('/upstreams', name, 'credential', 'type'),
      feature: `the credential ${credential.type}`,
      instead: 'Use bearer, api-key, basic, oauth-client-credentials or provider',
    }));
}
