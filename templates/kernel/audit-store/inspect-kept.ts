/** What `verify-audit` finds in the store. */
import type { Inspection } from '../audit-findings.ts';
import { processVariables } from '../config/process-variables.ts';
import { openKeptAudit } from '../open.ts';
import { readOperator } from '../operations/configuration.ts';
import type { Parts } from '../start.ts';
import type { ServerDeclaration } from '../tool.ts';

/** Rejects with `ConfigurationError` where the store cannot be told or opened. */
export async function inspectKept(server: ServerDeclaration, { audit }: Pick<Parts, 'audit'>): Promise<Inspection> {
  if (audit === undefined) throw new Error(`${server.name} does not keep audit in its store`);
  const kept = await openKeptAudit(server, readOperator(server, processVariables(), { audit }), audit);
  return kept.inspect().finally(() => kept.close());
}
