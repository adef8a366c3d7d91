/** Builds the project model: everything that templates are told. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Manifest, ManifestUpstream } from '../manifest/schema.ts';
import { buildAuth } from './auth.ts';
import { buildCaps } from './caps.ts';
import { nameTool, nameTools } from './names.ts';
import type { ProjectModel, ScopeModel, UpstreamModel } from './project.ts';
import { buildTool } from './tool.ts';

export interface BuildResult {
  /** Absent where any diagnostic is an error. */
  readonly model: ProjectModel | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** `manifest` has passed the loader. */
export async function buildProject(
  manifest: Manifest,
  { manifestFile }: { readonly manifestFile: string },
): Promise<BuildResult> {
  const names = nameTools(manifest.tools.map(({ name }) => name));
  const tools = await Promise.all(
    manifest.tools.map((tool, index) =>
      buildTool(tool, manifest, { names: names[index] ?? nameTool(tool.name), pointer: `/tools/${index}` }),
    ),
  );
  const diagnostics = tools.flatMap((tool) => tool.diagnostics);
  if (diagnostics.length > 0) return { model: undefined, diagnostics };
  const hasWrites = manifest.tools.some((tool) => tool.mutability !== 'read-only');
  const store = manifest.idempotency?.store ?? 'sqlite';
  const model: ProjectModel = {
    manifestFile,
    server: manifest.server,
    auth: buildAuth(manifest),
    scopes: Object.entries(manifest.scopes ?? {}).map(buildScope),
    roles: Object.entries(manifest.roles ?? {}).map(([name, scopes]) => ({ name, scopes })),
    upstreams: buildUpstreams(manifest),
    store: hasWrites ? store : undefined,
    retentionMs: manifest.idempotency?.retention ?? DEFAULT_RETENTION_MS,
    audit: manifest.audit?.sink === 'store' ? { store, retentionMs: manifest.audit.retention } : undefined,
    limits: {
      requestsPerMinute: manifest.limits?.requestsPerMinute,
      writes: buildCaps(manifest.limits?.writes),
    },
    traces: manifest.observability?.traces,
    operationsScope: manifest.operations?.scope,
    tools: tools.map((tool) => tool.model),
  };
  return { model, diagnostics };
}

const DEFAULT_RETENTION_MS = 86_400_000;

function buildScope([name, scope]: readonly [string, NonNullable<Manifest['scopes']>[string]]): ScopeModel {
  return typeof scope === 'string'
    ? { name, description: scope, implies: [] }
    : { name, description: scope.description, implies: scope.implies ?? [] };
}

function buildUpstreams({ upstreams = {}, observability }: Manifest): readonly UpstreamModel[] {
  return Object.entries(upstreams).map(([name, upstream]) => ({
    ...buildUpstream(name, upstream),
    sendsTrace: observability?.sendTraceTo?.includes(name) ?? false,
  }));
}

function buildUpstream(name: string, upstream: ManifestUpstream): Omit<UpstreamModel, 'sendsTrace'> {
  return {
    name,
    baseUrl: typeof upstream.baseUrl === 'string' ? { value: upstream.baseUrl } : upstream.baseUrl,
    allowedHosts: upstream.allowedHosts,
    addresses: upstream.addresses,
    credential: upstream.credential,
    timeoutMs: upstream.timeout,
    attempts: upstream.retries.attempts,
    maxDelayMs: upstream.retries.maxDelay,
    maxResponseBytes: upstream.maxResponseBytes,
  };
}
