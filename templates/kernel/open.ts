/** Opens what a configuration names: where audit goes, and where operations are kept. */
import { fileAudit, stderrAudit, type AuditSink } from './audit.ts';
import { ConfigurationError, type Configuration } from './config.ts';
import type { WritePath } from './pipeline/call.ts';
import type { WritePart } from './settings.ts';
import type { ServerDeclaration } from './tool.ts';

/** Throws `ConfigurationError`. */
export function openAudit({ auditFile }: Pick<Configuration, 'auditFile'>): AuditSink {
  if (auditFile === undefined) return stderrAudit();
  try {
    return fileAudit(auditFile);
  } catch (error) {
    const problem = `MCP_AUDIT_FILE (${auditFile}) cannot be used: ${reasonOf(error)}`;
    throw new ConfigurationError([`${problem}. Set it to a file that can be written.`]);
  }
}

/** `undefined` where no tool writes. Rejects with `ConfigurationError`. */
export async function openWritePath(
  { retentionMs }: ServerDeclaration,
  { store }: Pick<Configuration, 'store'>,
  { writes }: { readonly writes?: WritePart },
): Promise<WritePath | undefined> {
  if (writes === undefined || store === undefined) return undefined;
  try {
    return await writes.open(store.address(), retentionMs);
  } catch (error) {
    const problem = `Operations cannot be kept in ${store.shown}: ${reasonOf(error)}`;
    throw new ConfigurationError([`${problem}. ${store.remedy}`]);
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
