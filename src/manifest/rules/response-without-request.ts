import { finding, type Finding } from '../finding.ts';
import { member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';

/** Handler tools that take their result from an answer which they do not have. */
export function findResponsesWithoutRequest({ tools }: Manifest): Finding[] {
  return tools.flatMap(({ name, request, response }, index) =>
    response !== undefined && request === undefined
      ? [finding('response-without-request', member('/tools', index, 'response'), { tool: name })]
      : [],
  );
}
