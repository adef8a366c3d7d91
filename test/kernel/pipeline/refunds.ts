/** Servers with one tool, `issue_refund`, whose request goes to an upstream on this machine. */
import { Ajv2020 } from 'ajv/dist/2020.js';

import { args, operationKey, text } from '../../../templates/kernel/expression.ts';
import type { IdempotencyPolicy, Lookup, Policy, RecoveryPolicy } from '../../../templates/kernel/policy.ts';
import type { RequestDeclaration, Tool, ToolValidators } from '../../../templates/kernel/tool.ts';
import { settingsFor } from '../upstream/declared.ts';
import type { Bank } from './bank.ts';
import { run, toolOf, type Running, type ServerOptions, type ToolOptions } from './harness.ts';

const ajv = new Ajv2020({ strict: false });

export const refund = { invoice_id: 'inv_1', amount: 5 };

const POST: RequestDeclaration = {
  upstream: 'api',
  method: 'POST',
  path: ['refunds'],
  headers: { 'idempotency-key': text(operationKey) },
  body: { invoice: args('/invoice_id'), amount: args('/amount') },
  contentType: 'json',
};

export const get = (...path: RequestDeclaration['path']): RequestDeclaration => ({
  upstream: 'api',
  method: 'GET',
  path,
  contentType: 'json',
});

/** Finds a refund by its key; any object with an `id` is one. */
export const LOOKUP: Lookup = { request: get('refunds', operationKey), found: 'found', settleMs: 5_000 };
export const UPSTREAM_KEY = { retentionMs: 3_600_000 };

export function byInvoice(recovery: RecoveryPolicy): IdempotencyPolicy {
  return { strategy: 'derived-key', key: [args('/invoice_id')], ...recovery };
}

export const LOOKED_UP = byInvoice({ recovery: 'look-up', lookup: LOOKUP });
export const KEYED = byInvoice({ recovery: 'resend', upstreamKey: UPSTREAM_KEY });
export const QUARANTINED = byInvoice({ recovery: 'quarantine' });
export const SET_AGAIN: IdempotencyPolicy = { strategy: 'natural', recovery: 'send-again' };

export const OUTPUT = {
  type: 'object',
  additionalProperties: false,
  required: ['id'],
  properties: { id: { type: 'string' } },
};

export interface RefundOptions extends Partial<ServerOptions>, Omit<ToolOptions, 'name'> {
  readonly tool?: string;
  readonly idempotency?: IdempotencyPolicy;
  readonly policy?: Partial<Policy>;
  readonly request?: Partial<RequestDeclaration>;
  readonly preconditions?: Tool['preconditions'];
  /** Further tools of the server. */
  readonly others?: readonly Tool[];
  /** JSON Schemas by name. */
  readonly conditions?: Readonly<Record<string, object>>;
}

/** A declared tool; by default one whose outcomes stay unknown. */
export function refundTool(options: RefundOptions = {}): Tool {
  const { idempotency = QUARANTINED, policy, preconditions, conditions = {} } = options;
  const { tool: name = 'issue_refund', errors = [], input, output = OUTPUT } = options;
  const shape = { name, errors, output, policy: { idempotency, ...policy }, ...(input && { input }) };
  const { handler: _, validators, ...tool } = toolOf(() => null, shape);
  const schemas = { found: { type: 'object', required: ['id'] }, ...conditions };
  const compiled = Object.entries(schemas).map(([id, schema]) => [id, ajv.compile(schema)]);
  return {
    ...tool,
    ...(preconditions && { preconditions }),
    request: { ...POST, ...options.request },
    validators: async () => ({
      ...(await validators()),
      conditions: Object.fromEntries(compiled) as ToolValidators['conditions'] & object,
    }),
  };
}

/** The bank as `Settings` name it. `attempts`: how often one call may send. */
export function upstreamsAt({ url }: Pick<Bank, 'url'>, attempts = 1) {
  const maxResponseBytes = 1_000_000;
  return settingsFor(url, { attempts, timeoutMs: 5_000, maxDelayMs: 100, maxResponseBytes }).upstreams;
}

export function refundsAt(
  bank: Pick<Bank, 'url'>,
  options: RefundOptions & { readonly attempts?: number } = {},
): Running {
  const settings = { upstreams: upstreamsAt(bank, options.attempts), ...options.settings };
  return run({ ...options, settings, tools: [refundTool(options), ...(options.others ?? [])] });
}
