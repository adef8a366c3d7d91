/**
 * A server to be started as a process of its own: `node served.ts [flags]`. Its tools write to the upstream at `API_URL`
 * once somebody agreed; `TEST_STORE` names the store, `EXPIRES_MS` says how long questions stand,
 * `WITHOUT_ASKING` leaves out the part that asks.
 */
import { Ajv2020 } from 'ajv/dist/2020.js';

import { args, text } from '../../../templates/kernel/expression.ts';
import { postgres } from '../../../templates/kernel/idempotency/postgres.ts';
import { redis } from '../../../templates/kernel/idempotency/redis.ts';
import { sqlite } from '../../../templates/kernel/idempotency/sqlite.ts';
import { writesOn } from '../../../templates/kernel/pipeline/write-path.ts';
import type { ApprovalPolicy, IdempotencyPolicy } from '../../../templates/kernel/policy.ts';
import { start } from '../../../templates/kernel/start.ts';
import type { ServerDeclaration, Tool } from '../../../templates/kernel/tool.ts';
import { callerApproval } from '../../../templates/kernel/transport/ask-caller.ts';
import { serveHttp } from '../../../templates/kernel/transport/http.ts';
import { serveStdio } from '../../../templates/kernel/transport/stdio.ts';
import { upstreamPart } from '../../../templates/kernel/upstream/part.ts';
import { careless } from './careless.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false, ownProperties: true });
const expiresMs = Number(process.env['EXPIRES_MS'] ?? 900_000);

const input = {
  type: 'object',
  additionalProperties: false,
  required: ['invoice_id', 'amount'],
  properties: { invoice_id: { type: 'string' }, amount: { type: 'integer' }, reason: { type: 'string' } },
} as const;

const byCaller = {
  by: 'caller',
  expiresMs,
  summary: text('Refund ', args('/amount'), ' cents of invoice ', args('/invoice_id')),
} as const;
const byApprover = { ...byCaller, by: 'approver', scope: 'refunds:approve' } as const;

const byInvoice = { strategy: 'derived-key', key: [args('/invoice_id')], recovery: 'quarantine' } as const;

function tool(name: string, approval: ApprovalPolicy, idempotency: IdempotencyPolicy = byInvoice): Tool {
  return {
    definition: {
      name,
      inputSchema: input,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    },
    policy: {
      mutability: 'irreversible',
      scopes: ['refunds:write'],
      roles: [],
      sensitive: [],
      idempotency,
      approval,
    },
    errors: [],
    request: {
      upstream: 'api',
      method: 'POST',
      path: ['refunds'],
      contentType: 'json',
      body: { tool: name, invoice: args('/invoice_id'), amount: args('/amount') },
    },
    validators: async () => ({ input: ajv.compile(input) }),
  };
}

const server: ServerDeclaration = {
  name: 'approvals',
  version: '1.0.0',
  scopes: { 'refunds:write': [], 'refunds:approve': [] },
  roles: {},
  upstreams: [
    {
      name: 'api',
      baseUrl: { env: 'API_URL' },
      allowedHosts: ['127.0.0.1'],
      credential: { type: 'none' },
      timeoutMs: 5_000,
      attempts: 1,
      maxDelayMs: 100,
      maxResponseBytes: 10_000,
    },
  ],
  retentionMs: 86_400_000,
  tools: [
    tool('refund', byCaller),
    tool('send_back', byCaller),
    tool('set_refund', byCaller, { strategy: 'natural', recovery: 'send-again' }),
    tool('refund_much', byApprover),
  ],
};

const stores = { sqlite, postgres, redis, careless };
const kind = stores[(process.env['TEST_STORE'] ?? 'sqlite') as keyof typeof stores];

await start(server, {
  stdio: serveStdio,
  http: serveHttp,
  upstreams: upstreamPart,
  writes: writesOn(kind),
  ...(process.env['WITHOUT_ASKING'] === undefined && { callerApproval }),
});
