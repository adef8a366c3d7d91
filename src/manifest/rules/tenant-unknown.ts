import { finding, type Finding } from '../finding.ts';
import { tenantReferences } from '../references.ts';
import type { Manifest } from '../schema.ts';

/** The caller's tenant, where the tokens of callers are not asked for one. */
export function findUnknownTenants(manifest: Manifest): Finding[] {
  const { auth, server } = manifest;
  if (auth?.type !== 'oauth' || auth.claims?.tenant !== undefined || !server.transports.includes('http')) return [];
  return tenantReferences(manifest).map(({ pointer, tool }) =>
    finding('tenant-unknown', pointer, { tool: tool?.name ?? '' }),
  );
}
