import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Conditions on answers of tools that send no declared request: nothing would ever ask them. */
export function findUnusedWhens({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, request, errors = [] }, index) =>
    request !== undefined
      ? []
      : errors.flatMap(({ when, code }, position) =>
          when === undefined
            ? []
            : [
                finding(
                  'error-when-unused',
                  member('/tools', index, 'errors', position, 'when'),
                  { code, tool: name },
                  'key',
                ),
              ],
        ),
  );
}
