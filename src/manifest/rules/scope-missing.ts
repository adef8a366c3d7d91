import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Tools that anyone may call without saying so: deny by default. */
export function findMissingScopes({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, scopes, public: isPublic }, index) =>
    scopes.length === 0 && isPublic === undefined
      ? [finding('scope-missing', member('/tools', index, 'scopes'), { tool: name })]
      : [],
  );
}
