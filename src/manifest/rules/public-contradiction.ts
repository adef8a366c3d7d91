import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Public tools that name scopes or roles all the same. */
export function findPublicContradictions({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ scopes, roles, public: isPublic }, index) => {
    const field = scopes.length > 0 ? 'scopes' : roles ? 'roles' : undefined;
    return isPublic && field ? [finding('public-contradiction', member('/tools', index, 'public'), { field })] : [];
  });
}
