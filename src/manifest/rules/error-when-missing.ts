import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest, ManifestErrorMapping } from '../schema.ts';

/** Errors of declared requests that no answer could ever mean. */
export function findErrorsWithoutWhen({ upstreams = {}, tools }: Manifest): Finding[] {
  return [
    ...Object.entries(upstreams).flatMap(([name, { errors }]) => check(errors, member('/upstreams', name, 'errors'))),
    ...tools.flatMap(({ request, errors }, index) =>
      request === undefined ? [] : check(errors, member('/tools', index, 'errors')),
    ),
  ];
}

function check(errors: readonly ManifestErrorMapping[] = [], pointer: string): Finding[] {
  return errors.flatMap(({ when, code }, index) =>
    when === undefined ? [finding('error-when-missing', member(pointer, index, 'code'), { code })] : [],
  );
}
