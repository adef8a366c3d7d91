import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Names that differ only in what files and identifiers cannot tell apart: case and separators. */
export function findToolNameCollisions({ tools }: Manifest): Finding[] {
  const first = new Map<string, string>();
  return tools.flatMap(({ name }, index) => {
    const folded = name.toLowerCase().replaceAll(/[_.-]/g, '');
    const other = first.get(folded);
    if (other === undefined) first.set(folded, name);
    return other === undefined || other === name
      ? []
      : [finding('tool-name-collision', member('/tools', index, 'name'), { name, other })];
  });
}
