/** Opens what a configuration names: where audit goes, and where operations are kept. */
import { fileAudit, stderrAudit, type AuditSink } from './audit.ts';
import { ConfigurationError, type Configuration } from './config.ts';
import type { KnownSecrets } from './config/known-secrets.ts';
import { scrub } from './describe-error.ts';
import type { WritePath } from './pipeline/call.ts';
import { realmOf } from './pipeline/operation-id.ts';
import type { AuditPart, KeptAudit, StorePlace, WritePart } from './settings.ts';
import type { ServerDeclaration } from './tool.ts';

/** Where audit goes: to the store where the manifest says so, else to the file or to standard error. Rejects with `ConfigurationError`. */
export async function openAudit(
  server: ServerDeclaration,
  configuration: Pick<Configuration, 'auditFile'> & KeptWhere,
  { audit }: { readonly audit?: AuditPart | undefined },
): Promise<AuditSink> {
  if (audit !== undefined) return openKeptAudit(server, configuration, audit);
  const { auditFile, secrets } = configuration;
  if (auditFile === undefined) return stderrAudit();
  try {
    return fileAudit(auditFile);
  } catch (error) {
    const problem = `MCP_AUDIT_FILE (${auditFile}) cannot be used: ${reasonOf(error, secrets)}`;
    throw new ConfigurationError([`${problem}. Set it to a file that can be written.`]);
  }
}

interface KeptWhere {
  readonly secrets: KnownSecrets;
  /** Absent where it cannot be told. */
  readonly auditStore: StorePlace | undefined;
  /** `MCP_ENVIRONMENT`. */
  readonly environment: string;
}

/** Audit in the store. Rejects with `ConfigurationError`. */
export async function openKeptAudit(
  { name, auditRetentionMs: retentionMs = DEFAULT_RETENTION_MS }: ServerDeclaration,
  { auditStore, environment, secrets }: KeptWhere,
  audit: AuditPart,
): Promise<KeptAudit> {
  if (auditStore === undefined) throw new ConfigurationError([]);
  try {
    return await audit.open(auditStore.address(), { realm: realmOf(name, environment), retentionMs });
  } catch (error) {
    const problem = `Audit cannot be kept in ${auditStore.shown}: ${reasonOf(error, secrets)}`;
    throw new ConfigurationError([`${problem}. ${auditStore.remedy}`]);
  }
}

const DEFAULT_RETENTION_MS = 90 * 86_400_000;

/** `undefined` where no tool writes. Rejects with `ConfigurationError`. */
export async function openWritePath(
  { retentionMs }: ServerDeclaration,
  { store, secrets }: Pick<Configuration, 'store' | 'secrets'>,
  { writes }: { readonly writes?: WritePart },
): Promise<WritePath | undefined> {
  if (writes === undefined || store === undefined) return undefined;
  try {
    return await writes.open(store.address(), retentionMs);
  } catch (error) {
    const problem = `Operations cannot be kept in ${store.shown}: ${reasonOf(error, secrets)}`;
    throw new ConfigurationError([`${problem}. ${store.remedy}`]);
  }
}

function reasonOf(error: unknown, secrets: KnownSecrets): string {
  return scrub(error instanceof Error ? error.message : String(error), secrets).replace(/\.$/, '');
}
