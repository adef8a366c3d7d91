import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Declared requests that are to be resumed, although they have no steps. */
export function findResumedRequests({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, request, idempotency }, index) =>
    request !== undefined && idempotency?.recovery === 'resume'
      ? [finding('resume-without-handler', member('/tools', index, 'idempotency', 'recovery'), { tool: name })]
      : [],
  );
}
