import { finding, type Finding } from '../finding.ts';
import { collectReferences } from '../references.ts';
import type { Manifest } from '../schema.ts';

/** Text that looks like an expression and is none. */
export function findInvalidExpressions(manifest: Manifest): Finding[] {
  return collectReferences(manifest).broken.map(({ written, pointer }) =>
    finding('expression-invalid', pointer, { written }),
  );
}
