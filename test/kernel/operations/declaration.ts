/** A server whose operations are looked at: one tool with an output schema, one without. */
import { Ajv2020 } from 'ajv/dist/2020.js';

import type { JsonObject } from '../../../templates/kernel/json.ts';
import type { ServerDeclaration, Tool } from '../../../templates/kernel/tool.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true, removeAdditional: true });

const REFUND: JsonObject = {
  type: 'object',
  required: ['refund_id'],
  additionalProperties: false,
  properties: { refund_id: { type: 'string' }, note: { type: 'string' } },
};

function tool(name: string, output?: JsonObject): Tool {
  return {
    definition: {
      name,
      inputSchema: { type: 'object' },
      ...(output && { outputSchema: output }),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    },
    policy: {
      mutability: 'irreversible',
      scopes: ['refunds:write'],
      roles: [],
      sensitive: [],
      idempotency: { strategy: 'natural', recovery: 'send-again' },
    },
    errors: [],
    handler: () => null,
    validators: async () => ({ input: ajv.compile({}), ...(output && { output: ajv.compile(output) }) }),
  };
}

export const RETENTION_MS = 86_400_000;

export function serverWith(changes: Partial<ServerDeclaration> = {}): ServerDeclaration {
  return {
    name: 'billing',
    version: '1.0.0',
    scopes: { 'refunds:write': [], 'refunds:approve': [], operate: [] },
    roles: {},
    upstreams: [],
    tools: [tool('issue_refund', REFUND), tool('send_letter')],
    retentionMs: RETENTION_MS,
    ...changes,
  };
}
