import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';
import { suggestion } from '../suggest.ts';

/** Roles that a tool asks for and nobody declared. */
export function findUndeclaredRoles({ roles: declared = {}, tools }: Manifest): Finding[] {
  return tools.flatMap(({ roles = [] }, index) =>
    roles.flatMap((role, position) =>
      Object.hasOwn(declared, role)
        ? []
        : [
            finding('undeclared-role', member('/tools', index, 'roles', position), {
              role,
              ...suggestion(role, Object.keys(declared)),
            }),
          ],
    ),
  );
}
